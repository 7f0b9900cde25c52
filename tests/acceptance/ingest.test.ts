// `gatehouse ingest` as a person uses it: real files, a real server or none, and what can be found afterwards.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

let deployment: Deployment
beforeAll(async () => {
  deployment = await openDeployment()
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

const ingest = (tenant: string, ...args: string[]): Promise<Finished> =>
  deployment.command('ingest', ...args, '--tenant', tenant)

/** How each file ended: its path below the folder, and the last word about it. */
function endsOf({ stdout }: Finished): Record<string, string> {
  const ends = linesOf(stdout).filter(({ kind }) => ['published', 'unchanged', 'failed'].includes(kind))
  return Object.fromEntries(
    ends.map(({ file = '', kind, result }) => [file.slice(folder.length + 1), result ?? kind]),
  )
}

const titlesFor = async (caller: McpCaller, query: string): Promise<number> =>
  (await caller.tool<{ hits: unknown[] }>('search_documents', { query })).hits.length

const ALL_ADDED = { 'ochre.md': 'added', 'sub/umber.md': 'added', 'sub/deep/lake.md': 'added' }
const ALL_UNCHANGED = {
  'ochre.md': 'unchanged',
  'sub/umber.md': 'unchanged',
  'sub/deep/lake.md': 'unchanged',
}

describe('while the server runs', () => {
  let server: RunningProcess
  let tenants = 0
  let tenant: string
  let caller: McpCaller
  beforeAll(async () => {
    server = await deployment.start()
  })
  afterAll(() => stop(server))
  beforeEach(async () => {
    tenant = `ingest-${++tenants}`
    await deployment.json('tenant', 'create', tenant)
    caller = mcpCaller(deployment, await deployment.token(tenant))
  })

  test('a folder goes in and is found; a second time nothing changes; a changed file is a new version', async () => {
    await write({ ...NOTES, '.hidden.md': 'verdigris', 'node_modules/x.md': 'verdigris' })
    await symlink('/etc', join(folder, 'out'))
    const first = await ingest(tenant, folder)
    expect(first.code, first.stderr).toBe(0)
    expect(endsOf(first)).toEqual(ALL_ADDED)
    expect(linesOf(first.stdout).at(-1)).toMatchObject({ kind: 'summary', files: 3, added: 3, failed: 0 })
    expect(await titlesFor(caller, 'ochre')).toBe(1)
    expect(await titlesFor(caller, 'verdigris')).toBe(0)

    const second = await ingest(tenant, `${folder}/`)
    expect(second.code, second.stderr).toBe(0)
    expect(endsOf(second)).toEqual(ALL_UNCHANGED)

    await write({ 'ochre.md': '# Pigments\n\nOchre and orpiment are earth pigments.\n' })
    const third = await ingest(tenant, join(folder, '**/*.md'))
    expect(third.code, third.stderr).toBe(0)
    expect(endsOf(third)).toEqual({ ...ALL_UNCHANGED, 'ochre.md': 'updated' })
    expect(await titlesFor(caller, 'orpiment')).toBe(1)
    const listed = await caller.list()
    expect(listed.map(({ external_id = '' }) => external_id).toSorted()).toEqual([
      'file:ochre.md',
      'file:sub/deep/lake.md',
      'file:sub/umber.md',
    ])
  })

  test('a file that cannot go in is told of, the others go in, and the command ends with 5', async () => {
    await write({ ...NOTES, 'empty.md': '' })
    const finished = await ingest(tenant, folder)
    expect(failureOf(finished)).toMatchObject({ exit: 5, error: { reason: 'files_failed' } })
    expect(endsOf(finished)).toEqual({ ...ALL_ADDED, 'empty.md': 'failed' })
    expect(linesOf(finished.stdout)).toContainEqual(
      expect.objectContaining({ file: join(folder, 'empty.md'), kind: 'failed', reason: 'empty' }),
    )
    expect(await titlesFor(caller, 'madder')).toBe(1)
  })

  test('a file larger than one call is found by its last words', async () => {
    const paragraph = `${'The quick brown fox jumps over the lazy dog. '.repeat(20)}\n\n`
    await write({ 'large.md': `${paragraph.repeat(3_000)}Last comes caput mortuum.\n` })
    const finished = await ingest(tenant, folder)
    expect(finished.code, finished.stderr).toBe(0)
    expect(await titlesFor(caller, 'mortuum')).toBe(1)
  })

  test('every file of another tenant stays unseen', async () => {
    await write(NOTES)
    await ingest(tenant, folder)
    await deployment.json('tenant', 'create', `${tenant}-other`)
    const other = mcpCaller(deployment, await deployment.token(`${tenant}-other`))
    expect(await other.list()).toEqual([])
  })

  test('with limits that are far too low everything still goes in', async () => {
    await stop(server)
    server = await deployment.start({ GATEHOUSE_RATE_PER_SECOND: '20', GATEHOUSE_RATE_BURST: '4' })
    await write(
      Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`n${at}.md`, `# Note ${at}\n\nsmalt`])),
    )
    const finished = await ingest(tenant, folder, '--quiet')
    await stop(server)
    server = await deployment.start()
    expect(finished.code, finished.stderr).toBe(0)
    expect(linesOf(finished.stdout).at(-1)).toMatchObject({ files: 40, added: 40 })
  })

  test('a server that is killed and comes back loses nothing and takes nothing in twice', async () => {
    const names = Array.from({ length: 60 }, (_, at) => `n${at}.md`)
    await write(Object.fromEntries(names.map(name => [name, `# Note ${name}\n\nrealgar`])))
    const running = deployment.spawn(['ingest', folder, '--tenant', tenant])
    await until(() => linesOf(wholeLines(running.stdout())).length > 5, 'some files are in')
    server.signal('SIGKILL')
    await server.ended
    server = await deployment.start()
    const finished = await running.ended
    expect(finished.code, finished.stderr).toBe(0)
    expect((await caller.list()).map(({ external_id = '' }) => external_id).toSorted()).toEqual(
      names.map(name => `file:${name}`).toSorted(),
    )
  })

  test('--watch takes in what appears and changes, keeps what is deleted, and Ctrl-C ends it with 0', async () => {
    await write({ 'ochre.md': NOTES['ochre.md'] })
    const watching = deployment.spawn(['ingest', folder, '--watch', '--quiet', '--tenant', tenant])
    const has = (kind: string, name: string) => () =>
      linesOf(wholeLines(watching.stdout())).some(
        line => line.file === join(folder, name) && (line.result ?? line.kind) === kind,
      )
    await until(() => watching.stdout().includes('"summary"'), 'the first pass is over', 60_000)
    await write({ 'new.md': '# New\n\nmassicot', '.hidden.md': 'gamboge', '~$new.docx': 'gamboge' })
    await until(has('added', 'new.md'), 'a new file is taken in', 60_000)
    await write({ 'ochre.md': '# Pigments\n\nbistre' })
    await until(has('updated', 'ochre.md'), 'a changed file is taken in', 60_000)
    await rm(join(folder, 'new.md'))
    await until(has('gone', 'new.md'), 'a deleted file is told of', 60_000)
    expect(await titlesFor(caller, 'massicot')).toBe(1)
    expect(await titlesFor(caller, 'bistre')).toBe(1)
    expect(await titlesFor(caller, 'gamboge')).toBe(0)
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

  test.for([
    [['no-such-folder'], 2, 'no-such-folder'],
    [['*.nothing'], 2, '*.nothing'],
    [['-'], 2, '--name'],
    [['package.json', '--metadata', 'year'], 2, 'key=value'],
  ] as const)('%j is a mistake, and nothing is taken in', async ([args, code, words]) => {
    const failure = failureOf(await ingest(tenant, ...args))
    expect(failure).toMatchObject({ exit: code, stdout: '' })
    expect(failure.error.message).toContain(words)
    expect(await caller.list()).toEqual([])
  })

  test('an unknown tenant ends with 7 before a file is sent', async () => {
    await write(NOTES)
    expect(failureOf(await ingest('nobody', folder))).toMatchObject({ exit: 7, error: { code: 'not_found' } })
  })
})

test('while no server runs, a command does the whole work itself and the next server finds it', async () => {
  await write(NOTES)
  await deployment.json('tenant', 'create', 'solo')
  const finished = await ingest('solo', folder)
  expect(finished.code, finished.stderr).toBe(0)
  expect(endsOf(finished)).toEqual(ALL_ADDED)
  const server = await deployment.start()
  expect(await titlesFor(mcpCaller(deployment, await deployment.token('solo')), 'ochre')).toBe(1)
  await stop(server)
})

/** Without a line that is still being written. */
function wholeLines(stdout: string): string {
  return stdout.slice(0, stdout.lastIndexOf('\n') + 1)
}
