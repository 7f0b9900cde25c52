// Parsing alone: files of three formats through one parser in a child process, their text thrown away.
import { PARSE_LIMITS } from '../../src/features/documents/parse/parse-limits.ts'
import { parserPool, type ParserPool } from '../../src/features/documents/parse/parser-pool.ts'
import type { Row } from '../figures.ts'
import { generatedDocx, generatedPdf } from './generated-files.ts'
import { markdown, seeded, words } from './generated-text.ts'

interface Sample {
  readonly name: string
  readonly bytes: Buffer
}

export async function parsing(runs: number): Promise<Row[]> {
  const pool = parserPool({ size: 1, limits: PARSE_LIMITS })
  const rows: Row[] = []
  try {
    for (const sample of samples()) {
      // The first file of a kind loads its reader.
      await parsed(pool, sample)
      const took: Parsed[] = []
      for (let at = 0; at < runs; at++) took.push(await parsed(pool, sample))
      const row = (figure: string, of: (run: Parsed) => number): Row => ({
        measure: `parsing ${sample.name} (${(sample.bytes.length / 1e6).toFixed(1)} MB)`,
        engine: '',
        figure,
        unit: 'MB/s',
        values: took.map(of),
      })
      rows.push(
        row('of the file', run => sample.bytes.length / 1e6 / run.seconds),
        row('of text', run => run.characters / 1e6 / run.seconds),
      )
    }
  } finally {
    await pool.close()
  }
  return rows
}

function samples(): Sample[] {
  const random = seeded(3)
  const from = words(random)
  return [
    { name: 'text.md', bytes: Buffer.from(markdown(from, random, 20e6)) },
    { name: 'pages.pdf', bytes: generatedPdf(from, random, 500) },
    { name: 'word.docx', bytes: generatedDocx(from, random, 5_000) },
  ]
}

interface Parsed {
  readonly seconds: number
  readonly characters: number
}

async function parsed(pool: ParserPool, { name, bytes }: Sample): Promise<Parsed> {
  const start = performance.now()
  let characters = 0
  const source = { name, mediaType: null, size: bytes.length, bytes: pieces(bytes) }
  await pool.parse(source, {
    group: 'bench',
    onText: ({ text }) => {
      characters += text.length
      return Promise.resolve()
    },
  })
  return { seconds: (performance.now() - start) / 1_000, characters }
}

/** As a blob is read: a mebibyte at a time. */
async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1_048_576)
    yield await Promise.resolve(bytes.subarray(at, at + 1_048_576))
}
