// A folder of every kind of file, sound and hostile, through `gatehouse ingest`: how each file ends, where its passages
// are found, and that a second run changes nothing.
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findableFiles, SOUGHT } from '../../tests/harness/findable-files.ts'
import { hostileFiles, type SampleFile } from '../../tests/harness/sample-files.ts'
import type { Deployment } from './deployment.ts'
import { mcpClient, type McpClient } from './mcp-clients.ts'
import type { Section } from './page.ts'

const TENANT = 'harbour'
const FOLDER = '../everything'
const INGEST = `./bin/gatehouse.mjs ingest ${FOLDER} --tenant ${TENANT}`
/** A name no folder can hold: it comes over standard input. */
const CLIMBING = '../../etc/x.md'
/** 50 MB that say nothing more of a format. */
const LEFT_OUT = 'line.html'

/** The last word about a file, as --json prints it. */
interface End {
  readonly file: string
  readonly kind: string
  readonly document_id?: string
  readonly reason?: string
}

interface Passage {
  readonly doc_id: string
  readonly content: string
  readonly heading: string
  readonly page?: number
  readonly chunk_start: number
  readonly chunk_end: number
}

export async function folderOfFiles(section: Section, gatehouse: Deployment): Promise<void> {
  const sound = findableFiles().filter(({ name }) => name !== CLIMBING && name !== LEFT_OUT)
  const hostile = hostileFiles()
  const folder = join(gatehouse.folder, FOLDER)
  mkdirSync(folder)
  for (const { name, bytes } of [...sound, ...hostile]) writeFileSync(join(folder, name), bytes)
  await gatehouse.command(`tenant create ${TENANT}`)
  section.say(
    `${sound.length} sound files of all formats and ${hostile.length} that are damaged, hostile or not what they say, made by ` +
      'tests/harness/sample-files.ts: a gigabyte in a megabyte of ZIP, entities that read /etc/passwd, ten thousand pages, files ' +
      'that are two formats at once. The table is what a terminal shows, without its column of ids.',
  )
  await firstRun(section, gatehouse, { sound, hostile })
  const ends = await secondRun(section, gatehouse, { sound, hostile })
  await climbingName(section, gatehouse)
  const client = await mcpClient(gatehouse.url, await gatehouse.token(TENANT))
  await passages(section, client, sound, ends)
  await client.close()
  await vectors(section, gatehouse)
}

interface Files {
  readonly sound: readonly SampleFile[]
  readonly hostile: readonly SampleFile[]
}

async function firstRun(section: Section, gatehouse: Deployment, { sound, hostile }: Files): Promise<void> {
  // A program that writes into a pipe is told by JSON lines: `script` (of util-linux) gives it a terminal.
  const terminal = `script -qec 'stty cols 120; exec ${INGEST}' /dev/null`
  const { code, output } = await gatehouse.run(terminal, { NO_COLOR: '1' })
  // What the line of progress drew and took back stands before the table.
  const table = output
    .slice(Math.max(0, output.indexOf('FILE ')))
    .replaceAll('\r', '')
    .split('\n')
  section.shell(INGEST, withoutIds(table).join('\n'))
  const count = (result: string): number =>
    table.filter(line => line.startsWith(FOLDER) && line.split(/\s+/)[1] === result).length
  section.claim(
    `${sound.length} files went in and ${hostile.length} failed, which the exit code 5 says too`,
    count('added') === sound.length && count('failed') === hostile.length && code === 5,
  )
  const alive = await fetch(`${gatehouse.url}/readyz`)
  section.claim('the server that read all of them is alive and ready', alive.status === 200)
}

/** A column of 36 characters that differ in every run. */
function withoutIds([head = '', ...lines]: readonly string[]): string[] {
  const [from, to] = [head.indexOf('DOCUMENT_ID'), head.indexOf('VERSION')]
  const isRow = (line: string): boolean => line === head || line.startsWith(FOLDER)
  return [head, ...lines].map(line => (isRow(line) && from > 0 ? line.slice(0, from) + line.slice(to) : line))
}

async function secondRun(section: Section, gatehouse: Deployment, files: Files): Promise<Map<string, End>> {
  const { output } = await gatehouse.command(`ingest ${FOLDER} --tenant ${TENANT} --json`)
  const lines = output
    .split('\n')
    .filter(line => line.startsWith('{"file"') || line.startsWith('{"kind"'))
    .map(line => JSON.parse(line) as End)
  const ends = new Map(lines.filter(({ file }) => file).map(end => [basename(end.file), end]))
  const summary = lines.find(({ kind }) => kind === 'summary')
  section.shell(`${INGEST} --json | tail -1`, JSON.stringify({ ...summary, seconds: undefined }))
  const unchanged = files.sound.filter(({ name }) => ends.get(name)?.kind === 'unchanged')
  section.claim(
    'given a second time, every file that went in is unchanged',
    unchanged.length === files.sound.length,
  )
  // A file without a byte is not even sent.
  const reasonOf = ({ bytes, expect }: SampleFile): string => (bytes.length === 0 ? 'empty' : expect)
  const wrong = files.hostile.filter(file => ends.get(file.name)?.reason !== reasonOf(file))
  section.claim(
    `each of the others failed for its own reason${wrong.map(({ name }) => `, but not ${name}`).join('')}`,
    wrong.length === 0,
  )
  return ends
}

async function climbingName(section: Section, gatehouse: Deployment): Promise<void> {
  const command = `echo 'A name is only a label.' | ./bin/gatehouse.mjs ingest - --name ${CLIMBING} --tenant ${TENANT}`
  const { code, output } = await gatehouse.run(command)
  const last = output.split('\n').filter(line => line.includes('"kind":"published"'))
  section.shell(command, last.join('\n') || output)
  section.claim('a name that climbs is a name: the text goes in, no file is written', code === 0)
}

/** One passage of each file, and what retrieve_document gives for its place. */
async function passages(
  section: Section,
  client: McpClient,
  sound: readonly SampleFile[],
  ends: ReadonlyMap<string, End>,
): Promise<void> {
  const rows: string[] = [row('file', 'word', 'place', 'page', 'heading')]
  let exact = 0
  let placed = 0
  for (const { name } of sound) {
    const { word = '', type, heading = '', page } = SOUGHT[name] ?? {}
    const filter = { file_types: [type] }
    const { hits } = (await client.call('hybrid_search', { query: word, filter })) as { hits: Passage[] }
    const hit = hits.find(({ doc_id }) => doc_id === ends.get(name)?.document_id)
    if (hit === undefined) continue
    const { chunk_start: start, chunk_end: end, content } = hit
    const read = await client.call('retrieve_document', { document_id: hit.doc_id, start, end })
    if (read['content'] === content && content.toLowerCase().includes(word)) exact++
    if (hit.page === page && (heading === '' || hit.heading === heading)) placed++
    rows.push(row(name, word, `${start}..${end}`, String(hit.page ?? '–'), hit.heading || '–'))
  }
  section.say('Over MCP: a word of each file, where hybrid_search finds it.')
  section.block('text', rows.join('\n'))
  section.claim(
    `for all ${sound.length}, retrieve_document from start to end is the passage, character by character`,
    exact === sound.length,
  )
  section.claim('each names the page and the headings that the file has', placed === sound.length)
}

function row(...[file, word, place, page, heading]: [string, string, string, string, string]): string {
  return `${file.padEnd(16)}${word.padEnd(14)}${place.padEnd(14)}${page.padEnd(6)}${heading}`
}

async function vectors(section: Section, gatehouse: Deployment): Promise<void> {
  const status = async (): Promise<{ pending: number; failed: number }[]> =>
    JSON.parse((await gatehouse.command('embeddings status --json')).output) as []
  for (let tries = 0; tries < 60 && (await status()).some(({ pending }) => pending > 0); tries++)
    await sleep(1_000)
  section.shell(
    './bin/gatehouse.mjs embeddings status',
    (await gatehouse.command('embeddings status')).output,
  )
  const models = await status()
  section.claim(
    'every passage has its vector: none is pending, none failed',
    models.length > 0 && models.every(({ pending, failed }) => pending === 0 && failed === 0),
  )
}
