// What a text of any size and any malice costs: flat memory, and time that grows with its length.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { chunkStream, type DocumentFormat } from './chunk.ts'
import { textCleaner } from './clean-text.ts'

const MEGABYTE = 1_000_000
/** What may be held at once, garbage collected: far less than the text. */
const LIMIT = 15 * MEGABYTE

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

test('50 MB pass the cleaner and the chunker in flat memory', async () => {
  const paragraph = `${'The controller notifies the authority without undue delay, says Article 33. '.repeat(8)}\n\n`
  const section = `## Notification of a breach\n\n${paragraph.repeat(40)}\u200b`
  const pieces = Math.ceil((50 * MEGABYTE) / section.length)
  const before = heapUsed()
  const { chunks, covered, most } = await measured(repeated(section, pieces), 'markdown')
  expect(most - before).toBeLessThan(LIMIT)
  expect(covered).toBeGreaterThan(49 * MEGABYTE)
  expect(chunks).toBeGreaterThan(25_000)
}, 120_000)

test('nothing is kept of a gap of 50 MB', async () => {
  const before = heapUsed()
  const { chunks, most } = await measured(withGap(50), 'text')
  expect(chunks).toBe(2)
  expect(most - before).toBeLessThan(LIMIT)
})

test('texts without seams are cut to their end', async () => {
  const evil = ['x', '# \n', '#', '`', '. ', '、', '\ud83d', '😀', 'a\n=\n', '=', '- ', '```\n', '\u0301']
  for (const unit of evil) {
    const { covered } = await measured(repeated(`begin ${unit.repeat(30_000)}`, 20), 'markdown')
    expect(covered, JSON.stringify(unit)).toBeGreaterThanOrEqual(20 * (6 + 30_000 * unit.length) - 2)
  }
})

test('a word of 20 MB and a million headings in one piece are cut', async () => {
  for (const text of ['x'.repeat(20 * MEGABYTE), '#\n'.repeat(MEGABYTE), `# ${'#'.repeat(MEGABYTE)}`]) {
    const { covered } = await measured([text], 'markdown')
    expect(covered).toBe(text.trimEnd().length)
  }
})

function* withGap(megabytes: number): Generator<string> {
  yield 'word '.repeat(256)
  yield* repeated(' '.repeat(MEGABYTE), megabytes)
  yield 'end'
}

function* repeated(piece: string, times: number): Generator<string> {
  for (let time = 0; time < times; time++) yield piece
}

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** Through cleaner and chunker, counting only: chunks, where the last one ends, and the most heap that was seen. */
async function measured(pieces: Iterable<string>, format: DocumentFormat) {
  const cleaner = textCleaner()
  let [chunks, covered, most, read] = [0, 0, 0, 0]
  function* clean() {
    for (const piece of pieces) {
      yield cleaner.push(piece)
      read += piece.length
      if (read < 5 * MEGABYTE) continue
      read = 0
      most = Math.max(most, heapUsed())
    }
    yield cleaner.end()
  }
  for await (const { end } of chunkStream(clean(), format)) {
    chunks++
    covered = end
  }
  return { chunks, covered, most }
}
