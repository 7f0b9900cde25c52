// JSON as lines "path.to.key: value", so that a value is found together with where it stands. A file of one JSON value
// per line (NDJSON) gives one paragraph a record.
import { Refusal } from '../refusal.ts'
import type { ReadFacts, Reading } from './reading.ts'

const MAX_DEPTH = 100

export async function readJson(texts: AsyncIterable<string>, reading: Reading): Promise<ReadFacts> {
  if (reading.extension === 'ndjson' || reading.extension === 'jsonl')
    await readRecords(linesOf(texts), reading)
  else await readWhole((await Array.fromAsync(texts)).join(''), reading)
  return { title: null, pages: null }
}

async function readWhole(text: string, reading: Reading): Promise<void> {
  const whole = parsed(text)
  if (whole !== undefined) return writeLines(whole.value, reading)
  // No JSON in whole: perhaps in lines. The first line decides, as the second could not stand after it.
  const [first = ''] = /^\s*[^\n]*/.exec(text) ?? []
  if (parsed(first) === undefined) throw new Refusal('damaged')
  await readRecords(linesOf([text]), reading)
}

async function readRecords(lines: AsyncIterable<string>, reading: Reading): Promise<void> {
  for await (const line of lines) {
    if (line.trim() === '') continue
    const record = parsed(line)
    if (record === undefined) throw new Refusal('damaged')
    await writeLines(record.value, reading)
    await reading.sink.write('\n')
  }
}

async function writeLines(value: unknown, { sink, warn }: Reading): Promise<void> {
  let batch = ''
  for (const line of valueLines(value, '', MAX_DEPTH, () => warn('too_deep'))) {
    batch += `${line}\n`
    if (batch.length < 16_384) continue
    await sink.write(batch)
    batch = ''
  }
  await sink.write(batch)
}

function* valueLines(value: unknown, path: string, depth: number, tooDeep: () => void): Generator<string> {
  if (value === null || typeof value !== 'object') {
    const text = String(value)
    if (value !== null && text !== '') yield path === '' ? text : `${path}: ${text}`
    return
  }
  if (depth === 0) return tooDeep()
  for (const [key, inner] of Object.entries(value)) {
    yield* valueLines(inner, path === '' ? key : `${path}.${key}`, depth - 1, tooDeep)
  }
}

/** In an object, so that a parsed `null` differs from what is no JSON. */
function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

const MAX_LINE = 50_000_000

async function* linesOf(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let carried = ''
  for await (const text of texts) {
    const lines = (carried + text).split('\n')
    carried = lines.pop() ?? ''
    if (carried.length > MAX_LINE) throw new Refusal('damaged')
    yield* lines
  }
  yield carried
}
