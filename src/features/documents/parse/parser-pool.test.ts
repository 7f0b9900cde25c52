// Real files through real children: what comes out, what is refused and why, and what a child may not do.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import {
  docxOf,
  hostileFiles,
  pdfOf,
  soundFiles,
  xlsxOf,
  zipOf,
} from '../../../../tests/harness/sample-files.ts'
import { parserFlags } from './child/spawn-parser.ts'
import type { ParseLimits } from './parse-limits.ts'
import { parserPool, type ParserPool } from './parser-pool.ts'
import type { FileSource, ParseOptions, TextPiece } from './parsing.ts'

const pools: ParserPool[] = []
afterEach(async () => {
  await Promise.all(pools.splice(0).map(pool => pool.close()))
})

function openPool(limits: Partial<ParseLimits> = {}, size = 1): ParserPool {
  const pool = parserPool({ size, limits })
  pools.push(pool)
  return pool
}

function fileOf(name: string | null, bytes: Buffer | string, mediaType: string | null = null): FileSource {
  const whole = Buffer.from(bytes)
  return { name, mediaType, size: whole.length, bytes: chunksOf([whole]) }
}

async function* chunksOf(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield* chunks
}

async function read(pool: ParserPool, source: FileSource, options: Partial<ParseOptions> = {}) {
  const pieces: TextPiece[] = []
  const onText = async (piece: TextPiece) => void pieces.push(piece)
  const parsed = await pool.parse(source, { group: 'one', onText, ...options })
  return { ...parsed, pieces, text: pieces.map(({ text }) => text).join('') }
}

/** The text each sound file must give, pages in brackets. */
const TEXTS: Record<string, string> = {
  'notes.md': '# Harbour\n\nThe lighthouse was painted in May.\n',
  'notes.txt': 'The ferry leaves at seven.\n',
  'page.html': '# Tide table\n\nHigh water at noon.\n',
  'people.csv': 'Name: Alice · City: Paris\nName: Bob, the elder · City: Rome\n',
  'ship.json': 'ship.name: Aurora\nship.holds.0.load: timber\n',
  'log.ndjson': 'event: sailed\n\nevent: moored\n\n',
  'report.pdf': '[1]The first page speaks of anchors.\n\n[2]The second page speaks of sails.\n\n',
  'contract.docx':
    '# Delivery\n\nGoods arrive by ship.\n\n## Dates\n\nIn spring.\n\n| Item | Price |\n| --- | --- |\n| Rope | 12 |\n',
  'budget.xlsx':
    '[1]## Costs\n\nItem: Rope · Price: 12.5 · Bought: 2023-03-15\nItem: Tar · Price: 3\n\n[2]## Crew\n\nName: Alice · Rank: captain\n\n',
  'talk.pptx':
    '[1]## Slide 1: Opening\n\nWelcome aboard\n\nNotes: Speak slowly\n\n[2]## Slide 2: Closing\n\nFair winds\n\n',
  '../../etc/x.md': '# Elsewhere\n\nA name is only a label.\n',
  'upward.docx': 'Nothing climbs.\n',
  'deep.html': 'The bottom of the sea.\n',
  'line.html': 'Before the line.\n\nAfter the line.\n',
}

test('every format gives its text, with headings, tables and page numbers', async () => {
  const pool = openPool()
  const texts: Record<string, string> = {}
  const titles: Record<string, string | null> = {}
  for (const { name, bytes } of soundFiles()) {
    const { pieces, title } = await read(pool, fileOf(name, bytes))
    texts[name] = pieces.map(({ text, page }) => (page === null ? text : `[${page}]${text}`)).join('')
    titles[name] = title
  }
  expect(texts).toEqual(TEXTS)
  expect(titles).toMatchObject({
    'page.html': 'Tides',
    'report.pdf': 'Annual report',
    'contract.docx': 'Supply contract',
  })
})

test('every hostile file is refused for its reason, and the pool reads the next file', async () => {
  const pool = openPool({ maxMemoryMb: 500 })
  for (const { name, bytes, expect: reason } of hostileFiles()) {
    await expect(read(pool, fileOf(name, bytes)), name).rejects.toMatchObject({ reason })
  }
  expect((await read(pool, fileOf('a.txt', 'still here'))).text).toBe('still here')
})

test('a refusal says what to do and quotes nothing of the document', async () => {
  const pool = openPool()
  const secret = 'XYZZY'
  const files = [
    fileOf('a.docx', pdfOf([secret])),
    fileOf('a.json', `{"${secret}`),
    fileOf('b.docx', zipOf([{ name: `${secret}.xml`, text: secret }])),
  ]
  for (const file of files) {
    const refusal = (await read(pool, file).catch((error: unknown) => error)) as Error & { say: string }
    expect(refusal.say.length).toBeGreaterThan(20)
    expect(`${refusal.say} ${refusal.message}`).not.toContain(secret)
  }
})

describe('limits', () => {
  const mb = Buffer.alloc(1_048_576, 'words ')
  test.each<[string, Partial<ParseLimits>, string, Buffer]>([
    ['too_large', { maxStreamedBytes: 1_000 }, 'a.txt', mb],
    ['too_large', { maxBytes: 1_000 }, 'a.html', mb],
    ['too_much_text', { maxCharacters: 1_000 }, 'a.txt', mb],
    ['too_many_pages', { maxPages: 2 }, 'a.pdf', pdfOf(['a', 'b', 'c'])],
    ['too_many_pages', { maxPages: 1 }, 'a.xlsx', xlsxOf({ A: [['a']], B: [['b']] })],
    ['too_much_unzipped', { maxEntries: 3 }, 'a.docx', docxOf({})],
    ['too_much_unzipped', { maxUnzippedBytes: 300 }, 'a.docx', docxOf({ paragraphs: ['a'] })],
    ['parse_timeout', { timeoutMs: 1, timeoutMsPerMb: 0 }, 'a.html', Buffer.alloc(20_000_000, '<p>a<b>')],
    ['parse_memory', { maxMemoryMb: 200 }, 'a.json', Buffer.from(`[${'{"a":[1]},'.repeat(4_000_000)}1]`)],
  ])('%s with %o', async (reason, limits, name, bytes) => {
    await expect(read(openPool(limits), fileOf(name, bytes))).rejects.toMatchObject({ reason })
  })

  test('bytes are counted, whatever size was declared', async () => {
    const pool = openPool({ maxStreamedBytes: 1_000 })
    await expect(read(pool, { ...fileOf('a.txt', mb), size: 1 })).rejects.toMatchObject({
      reason: 'too_large',
    })
  })

  test('the clock stands still while the text is being taken', async () => {
    const pool = openPool({ timeoutMs: 1_000, timeoutMsPerMb: 0 })
    const onText = () => sleep(1_500)
    await expect(pool.parse(fileOf('a.txt', 'words'), { group: 'one', onText })).resolves.toBeDefined()
  })
})

describe('pieces', () => {
  test('joined they are the text; none splits a character or exceeds 65,536', async () => {
    const text = `a${'🚢'.repeat(100_000)}`
    const { pieces, text: joined } = await read(openPool(), fileOf('a.txt', text))
    expect(joined).toBe(text)
    expect(pieces.length).toBe(4)
    expect(pieces.every(piece => piece.text.length <= 65_536 && piece.text.isWellFormed())).toBe(true)
  })

  test('the child waits: nothing more is read while a piece is being taken', async () => {
    let given = 0
    const source = {
      ...fileOf('a.txt', ''),
      bytes: (async function* () {
        for (; given < 200; given++) yield await Promise.resolve(Buffer.alloc(65_536, 'a'))
      })(),
    }
    const seen: number[] = []
    await read(openPool(), source, {
      onText: async () => {
        const before = given
        await sleep(seen.length < 5 ? 50 : 0)
        seen.push(given - before)
      },
    })
    expect(given).toBe(200)
    expect(Math.max(...seen)).toBe(0)
  })

  test('what onText throws ends the file and is thrown on', async () => {
    const pool = openPool()
    const onText = () => Promise.reject(new Error('no room'))
    await expect(read(pool, fileOf('a.txt', 'words'), { onText })).rejects.toThrow('no room')
    expect((await read(pool, fileOf('a.txt', 'words'))).text).toBe('words')
  })

  test('100 MB of text leave the memory of both processes flat', { timeout: 60_000 }, async () => {
    const chunk = Buffer.alloc(1_048_576, 'many words in a line, and a line end\n')
    const pool = openPool({ maxMemoryMb: 200 })
    const bytes = chunksOf(
      (function* () {
        for (let at = 0; at < 100; at++) yield chunk
      })(),
    )
    let characters = 0
    let peak = 0
    const before = process.memoryUsage().rss
    await read(
      pool,
      { ...fileOf('a.txt', ''), bytes },
      {
        onText: async ({ text }) => {
          characters += text.length
          peak = Math.max(peak, process.memoryUsage().rss)
          await Promise.resolve()
        },
      },
    )
    expect(characters).toBe(100 * 1_048_576)
    expect((peak - before) / 1_048_576).toBeLessThan(80)
  })
})

describe.runIf(process.platform === 'linux')('children', () => {
  test('a child is kept for the next file of its tenant and replaced for another tenant', async () => {
    const pool = openPool()
    const pidOf = async (group: string) => {
      await read(pool, fileOf('a.txt', 'words'), { group })
      return childPids()
    }
    const first = await pidOf('one')
    expect(first).toHaveLength(1)
    expect(await pidOf('one')).toEqual(first)
    await expect.poll(() => pidOf('two')).not.toEqual(first)
  })

  test('no child reads files of two tenants, however they are mixed', async () => {
    const pool = openPool()
    const seen = new Map<number, Set<string>>()
    const files = Array.from({ length: 40 }, (_, at) => `tenant-${at % 3}`)
    const onTextOf = (group: string) => async () => {
      const [pid = 0, ...dying] = childPids()
      // Only where one is alive is it known to be the reader.
      if (dying.length === 0) seen.set(pid, new Set([...(seen.get(pid) ?? []), group]))
      await Promise.resolve()
    }
    await Promise.all(
      files.map(group => read(pool, fileOf('a.txt', group), { group, onText: onTextOf(group) })),
    )
    expect(seen.size).toBeGreaterThanOrEqual(3)
    for (const groups of seen.values()) expect(groups.size).toBe(1)
  })

  test('an abort ends within a second, the child too, and the pool reads the next file', async () => {
    const pool = openPool()
    const stop = new AbortController()
    const running = read(pool, fileOf('a.html', Buffer.alloc(50_000_000, '<p>a<b>')), { signal: stop.signal })
    await sleep(400)
    const started = performance.now()
    stop.abort()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    await expect.poll(childPids, { interval: 20 }).toEqual([])
    expect(performance.now() - started).toBeLessThan(1_000)
    expect((await read(pool, fileOf('a.txt', 'words'))).text).toBe('words')
  })

  test('a child that is killed fails its file alone', async () => {
    const pool = openPool()
    const running = read(pool, fileOf('a.txt', 'words'), {
      onText: async () => {
        for (const pid of childPids()) process.kill(pid, 'SIGKILL')
        await sleep(50)
      },
    })
    await expect(running).rejects.toMatchObject({ reason: 'parse_memory' })
    expect((await read(pool, fileOf('a.txt', 'words'))).text).toBe('words')
  })

  test('close ends what is running and waiting, and every child', async () => {
    const pool = openPool()
    const bytes = (async function* () {
      yield Buffer.from('words')
      await sleep(60_000, undefined, { ref: false })
    })()
    const never = { ...fileOf('a.txt', ''), bytes }
    const running = [read(pool, never), read(pool, fileOf('a.txt', 'words'))]
    await sleep(300)
    await pool.close()
    for (const one of running) await expect(one).rejects.toMatchObject({ code: 'cancelled' })
    await expect.poll(childPids).toEqual([])
  })

  test('a child has no environment and runs under the permission flags', async () => {
    let environment = 'x'
    let command = ''
    await read(openPool(), fileOf('a.txt', 'words'), {
      onText: async () => {
        const [pid = 0] = childPids()
        environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
        command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        await Promise.resolve()
      },
    })
    // The channel to the parent is announced there; Node takes both away before any code runs.
    expect(environment.split('\0').filter(entry => !/^(?:NODE_CHANNEL_|$)/.test(entry))).toEqual([])
    expect(command).toContain('--permission')
  })
})

test.each([
  ['write a file', `fs.writeFileSync('/tmp/gatehouse-parser-probe', 'x')`],
  ['read a file of the system', `fs.readFileSync('/etc/passwd')`],
  ['read the data folder', `fs.readFileSync('.gatehouse/anything')`],
  ['read the sources that are not its own', `fs.readFileSync('src/platform/config.ts')`],
  ['start a process', `require('node:child_process').execFileSync('true')`],
  ['start a thread', `new (require('node:worker_threads').Worker)('1', { eval: true })`],
])('under its flags a child cannot %s', (_, code) => {
  const script = `const fs = require('node:fs'); try { ${code}; console.log('did it') } catch (error) { console.log(error.code) }`
  const flags = parserFlags(`${import.meta.dirname}/child/parser-process.ts`, 256)
  const answer = execFileSync(process.execPath, [...flags, '--eval', script], { env: {}, encoding: 'utf8' })
  expect(answer.trim()).toBe('ERR_ACCESS_DENIED')
})

describe('readers', () => {
  const pool = parserPool({ size: 1 })
  afterAll(() => pool.close())

  test.each<[string, string | null, Buffer | string, string]>([
    ['UTF-16 with its mark', 'a.txt', Buffer.from('\uFEFFGrüße', 'utf16le'), 'Grüße'],
    ['UTF-8 with its mark', 'a.txt', '\uFEFFGrüße', 'Grüße'],
    ['Windows-1252 where it is no UTF-8', 'a.txt', Buffer.from('Gr\xfc\xdfe \x80', 'latin1'), 'Grüße €'],
    ['line ends of every kind', 'a.txt', 'a\r\nb\rc\n', 'a\nb\nc\n'],
    ['a page without a name', null, '<!doctype html><p>a', 'a\n'],
    ['nested lists', 'a.html', '<ul><li>a<ol><li>b</ol><li>c</ul>', '- a\n  1. b\n- c\n'],
    [
      'what is hidden',
      'a.html',
      '<p style="display: none">a<p aria-hidden=true>b</p><!-- c --><footer>d</footer><p>e',
      'e\n',
    ],
    ['code', 'a.html', '<pre>if (a)\n  b</pre>', '```\nif (a)\n  b\n```\n'],
    ['a paragraph that looks like a heading', 'a.html', '<p># not one</p>', '\\# not one\n'],
    ['quotes', 'a.html', '<blockquote><p>a</p></blockquote><p>b', '> a\n\nb\n'],
    ['semicolons', 'a.csv', 'Name;City\n"a;b";c', 'Name: a;b · City: c\n'],
    ['quotes over lines', 'a.csv', 'Name,City\r\n"a ""b""\nc",d\r\n', 'Name: a "b" c · City: d\n'],
    [
      'a table without names',
      'a.csv',
      '1,2\n3,4\n',
      'Column 1: 1 · Column 2: 2\nColumn 1: 3 · Column 2: 4\n',
    ],
    ['JSON in lines under its plain name', 'a.json', '{"a":1}\n{"a":2}\n', 'a: 1\n\na: 2\n\n'],
  ])('%s', async (_, name, bytes, text) => {
    expect((await read(pool, fileOf(name, bytes))).text).toBe(text)
  })

  test('JSON nested without end is cut and said so', async () => {
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`
    const { text, warnings } = await read(pool, fileOf('a.json', `[${deep},"end"]`))
    expect(text).toBe('1: end\n')
    expect(warnings).toEqual(['Values nested more than 100 levels deep were left out.'])
  })

  test('a character cut by a chunk is whole', async () => {
    const bytes = Buffer.from('Grüße 🚢')
    const source = { ...fileOf('a.txt', ''), bytes: chunksOf([...bytes].map(byte => Buffer.from([byte]))) }
    // The head is read in one; the file must be longer than that.
    const long = {
      ...source,
      bytes: chunksOf([Buffer.alloc(65_536, 'a'), ...[...bytes].map(byte => Buffer.from([byte]))]),
    }
    const { text, warnings } = await read(openPool(), long)
    expect(text.slice(65_536)).toBe('Grüße 🚢')
    expect(warnings).toEqual([])
  })
})

/** The processes this one started and that are alive. */
function childPids(): number[] {
  const children = readdirSync(`/proc/${process.pid}/task`).flatMap(thread =>
    readFileSync(`/proc/${process.pid}/task/${thread}/children`, 'utf8').split(' '),
  )
  return children.map(Number).filter(pid => pid > 0)
}
