// `gatehouse ingest` as a person uses it: real files, a real server or none, and what can be found afterwards.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  failureOf,
  openDeployment,
  stop,
  until,
  type Deployment,
  type Finished,
  type RunningProcess,
} from './server-process.ts'
import { mcpCaller, type McpCaller } from './tool-caller.ts'

interface Line {
  readonly kind: string
  readonly file?: string
  readonly result?: string
  readonly document_id?: string
  readonly version?: number
  readonly reason?: string
  readonly failed?: number
  readonly files?: number
}

// Tenants for the whole file: making one and its token takes two processes. Each test has a folder and words of its own.
let deployment: Deployment
let server: RunningProcess
let caller: McpCaller
let other: McpCaller
const tenant = 'acme'
beforeAll(async () => {
  deployment = await openDeployment()
  server = await deployment.start()
  const callerOf = async (slug: string): Promise<McpCaller> => {
    await deployment.json('tenant', 'create', slug)
    return mcpCaller(deployment, await deployment.token(slug))
  }
  ;[caller, other] = await Promise.all([callerOf(tenant), callerOf('other')])
})
afterAll(() => deployment.close())

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-ingest-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
}

const NOTES = {
  'ochre.md': '# Pigments\n\nOchre is an earth pigment.\n',
  'sub/umber.md': '# Umber\n\nUmber is darker than sienna.\n',
  'sub/deep/lake.md': '# Lakes\n\nMadder lake fades in the light.\n',
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Line)

const ingest = (...args: string[]): Promise<Finished> =>
  deployment.command('ingest', ...args, '--tenant', tenant)

/** How each file ended: its path below the folder, and the last word about it. */
function endsOf({ stdout }: Finished): Record<string, string> {
  const ends = linesOf(stdout).filter(({ kind }) => ['published', 'unchanged', 'failed'].includes(kind))
  return Object.fromEntries(
    ends.map(({ file = '', kind, result }) => [file.slice(folder.length + 1), result ?? kind]),
  )
}

const titlesFor = async (query: string): Promise<number> =>
  (await caller.tool<{ hits: unknown[] }>('search_documents', { query })).hits.length

const ALL_ADDED = { 'ochre.md': 'added', 'sub/umber.md': 'added', 'sub/deep/lake.md': 'added' }
const ALL_UNCHANGED = {
  'ochre.md': 'unchanged',
  'sub/umber.md': 'unchanged',
  'sub/deep/lake.md': 'unchanged',
}

/** The keys of the documents that came from the folder of this test, or from one below it. */
const keysOf = async (from: string = folder): Promise<string[]> =>
  (await caller.list())
    .map(({ external_id = '' }) => external_id)
    .filter(key => key.startsWith(`file:${basename(from)}/`))
    .toSorted()

const keysFor = (names: readonly string[]): string[] =>
  names.map(name => `file:${basename(folder)}/${name}`).toSorted()

describe('while the server runs', () => {
  test('a folder goes in and is found; a second time nothing changes; a changed file is a new version', async () => {
    await write({ ...NOTES, '.hidden.md': 'verdigris', 'node_modules/x.md': 'verdigris' })
    await symlink('/etc', join(folder, 'out'))
    const first = await ingest(folder)
    expect(first.code, first.stderr).toBe(0)
    expect(endsOf(first)).toEqual(ALL_ADDED)
    expect(linesOf(first.stdout).at(-1)).toMatchObject({ kind: 'summary', files: 3, added: 3, failed: 0 })
    expect(await titlesFor('ochre')).toBe(1)
    expect(await titlesFor('verdigris')).toBe(0)

    const second = await ingest(`${folder}/`)
    expect(second.code, second.stderr).toBe(0)
    expect(endsOf(second)).toEqual(ALL_UNCHANGED)

    await write({ 'ochre.md': '# Pigments\n\nOchre and orpiment are earth pigments.\n' })
    const third = await ingest(join(folder, '**/*.md'))
    expect(third.code, third.stderr).toBe(0)
    expect(endsOf(third)).toEqual({ ...ALL_UNCHANGED, 'ochre.md': 'updated' })
    expect(await titlesFor('orpiment')).toBe(1)
    expect(await keysOf()).toEqual(keysFor(Object.keys(NOTES)))
  })

  test('one path in two folders is two documents, by the folders’ names or by --key-prefix', async () => {
    const contracts = ['first/contract.txt', 'second/contract.txt', 'archive/first/contract.txt']
    await write(Object.fromEntries(contracts.map(path => [path, `Terms of ${path}: paranatellon`])))
    for (const args of [['first'], ['second'], ['archive/first', '--key-prefix', 'archive/first']]) {
      const [path = '', ...options] = args
      const finished = await ingest(join(folder, path), ...options)
      expect(finished.code, finished.stderr).toBe(0)
      expect(endsOf(finished)).toEqual({ [`${path}/contract.txt`]: 'added' })
    }
    const keys = await Promise.all(['first', 'second', 'archive'].map(name => keysOf(name)))
    expect(keys.flat()).toEqual(contracts.map(path => `file:${path}`))
    expect(await titlesFor('paranatellon')).toBe(3)
  })

  test('a file that cannot go in is told of, the others go in, and the command ends with 5', async () => {
    await write({ 'whole.md': '# Whole\n\nWeld gives a yellow lake.', 'empty.md': '' })
    const finished = await ingest(folder)
    expect(failureOf(finished)).toMatchObject({ exit: 5, error: { reason: 'files_failed' } })
    expect(endsOf(finished)).toEqual({ 'whole.md': 'added', 'empty.md': 'failed' })
    expect(linesOf(finished.stdout)).toContainEqual(
      expect.objectContaining({ file: join(folder, 'empty.md'), kind: 'failed', reason: 'empty' }),
    )
    expect(await titlesFor('weld')).toBe(1)
  })

  test('a file larger than one call is found by its last words', async () => {
    const paragraph = `${'The quick brown fox jumps over the lazy dog. '.repeat(20)}\n\n`
    await write({ 'large.md': `${paragraph.repeat(1_300)}Last comes caput mortuum.\n` })
    const finished = await ingest(folder)
    expect(finished.code, finished.stderr).toBe(0)
    expect(await titlesFor('mortuum')).toBe(1)
  })

  test('a mistake ends with 2, an unknown tenant with 7, and no file is sent', async () => {
    await write({ 'unsent.md': 'atramentum' })
    const failure = failureOf(await ingest(folder, '--metadata', 'year'))
    expect(failure).toMatchObject({ exit: 2, stdout: '', error: { code: 'invalid_input' } })
    expect(failure.error.message).toContain('key=value')
    expect(failureOf(await deployment.command('ingest', folder, '--tenant', 'nobody'))).toMatchObject({
      exit: 7,
      error: { code: 'not_found' },
    })
    expect(await titlesFor('atramentum')).toBe(0)
  })

  test('a server that is killed and comes back loses nothing and takes nothing in twice', async () => {
    const names = Array.from({ length: 30 }, (_, at) => `n${at}.md`)
    await write(Object.fromEntries(names.map(name => [name, `# Note ${name}\n\nrealgar`])))
    const running = deployment.spawn(['ingest', folder, '--tenant', tenant])
    await until(() => linesOf(wholeLines(running.stdout())).length > 5, 'some files are in')
    server.signal('SIGKILL')
    await server.ended
    server = await deployment.start()
    const finished = await running.ended
    expect(finished.code, finished.stderr).toBe(0)
    expect(await keysOf()).toEqual(keysFor(names))
  })

  test('--watch takes in what appears and changes, keeps what is deleted, and Ctrl-C ends it with 0', async () => {
    await write({ 'old.md': '# Old\n\nminium' })
    const options = ['--watch', '--quiet', '--key-prefix', 'watched', '--tenant', tenant]
    const watching = deployment.spawn(['ingest', folder, ...options])
    const has = (kind: string, name: string) => () =>
      linesOf(wholeLines(watching.stdout())).some(
        line => line.file === join(folder, name) && (line.result ?? line.kind) === kind,
      )
    await until(() => watching.stdout().includes('"summary"'), 'the first pass is over', 60_000)
    await write({ 'new.md': '# New\n\nmassicot', '.hidden.md': 'gamboge', '~$new.docx': 'gamboge' })
    await until(has('added', 'new.md'), 'a new file is taken in', 60_000)
    await write({ 'old.md': '# Old\n\nbistre' })
    await until(has('updated', 'old.md'), 'a changed file is taken in', 60_000)
    await rm(join(folder, 'new.md'))
    await until(has('gone', 'new.md'), 'a deleted file is told of', 60_000)
    expect(await titlesFor('massicot')).toBe(1)
    expect(await titlesFor('bistre')).toBe(1)
    expect(await titlesFor('gamboge')).toBe(0)
    expect(await keysOf('watched')).toEqual(['file:watched/new.md', 'file:watched/old.md'])
    watching.signal('SIGINT')
    expect((await watching.ended).code).toBe(0)
  })

  test('Ctrl-C ends a run with 130 and says what goes on', async () => {
    await write(
      Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`n${at}.md`, `# Note ${at}\n\nsmalt`])),
    )
    const running = deployment.spawn(['ingest', folder, '--tenant', tenant])
    await until(() => linesOf(wholeLines(running.stdout())).length > 3, 'some files are in')
    running.signal('SIGINT')
    const finished = await running.ended
    expect(failureOf(finished)).toMatchObject({
      exit: 130,
      error: { code: 'cancelled', reason: 'interrupted' },
    })
    expect(linesOf(finished.stdout).at(-1)).toMatchObject({ kind: 'summary', files: 400 })
  })
})

describe('after the server was stopped', () => {
  const files = { 'alone.md': '# Alone\n\nWoad is blue.', 'sub/deep/lone.md': '# Lone\n\nAnother woad.' }
  let alone: Finished
  beforeAll(async () => {
    await stop(server)
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-ingest-'))
    await write(files)
    alone = await ingest(folder)
    await rm(folder, { recursive: true })
    server = await deployment.start({ GATEHOUSE_RATE_PER_SECOND: '20', GATEHOUSE_RATE_BURST: '4' })
  })

  test('a command does the whole work itself, and the next server finds it, for its tenant only', async () => {
    expect(alone.code, alone.stderr).toBe(0)
    expect(linesOf(alone.stdout).at(-1)).toMatchObject({ kind: 'summary', files: 2, added: 2, failed: 0 })
    expect(await titlesFor('woad')).toBe(2)
    expect(await other.list()).toEqual([])
  })

  test('with limits that are far too low everything still goes in', async () => {
    await write(
      Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`n${at}.md`, `# Note ${at}\n\nsmalt`])),
    )
    const finished = await ingest(folder, '--quiet')
    expect(finished.code, finished.stderr).toBe(0)
    expect(linesOf(finished.stdout).at(-1)).toMatchObject({ files: 40, added: 40 })
  })
})

/** Without a line that is still being written. */
function wholeLines(stdout: string): string {
  return stdout.slice(0, stdout.lastIndexOf('\n') + 1)
}
