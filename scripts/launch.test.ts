// The launcher, run as a user runs it, in a folder of its own, with an npm that only pretends.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'

/** Notes how it was called, takes 300 ms, and leaves behind what npm leaves behind. */
const NPM = `
  const fs = require('node:fs')
  process.on('SIGTERM', () => { note('SIGTERM'); process.exit(1) })
  const note = line => fs.appendFileSync('../npm.log', line + '\\n')
  note(process.argv.includes('--omit=dev') ? 'production' : 'all')
  fs.mkdirSync('node_modules', { recursive: true })
  setTimeout(() => {
    const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'))
    const isLeftOut = entry => entry.optional || (entry.dev && process.argv.includes('--omit=dev'))
    const present = Object.entries(packages).filter(([, entry]) => !isLeftOut(entry))
    if (fs.existsSync('vite.mjs')) {
      fs.mkdirSync('node_modules/vite/bin', { recursive: true })
      fs.copyFileSync('vite.mjs', 'node_modules/vite/bin/vite.js')
    }
    fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: Object.fromEntries(present) }))
    console.log('added packages')
  }, 300)`

/** Takes 300 ms over a page that says what its source says. */
const VITE = `
  const fs = require('node:fs')
  const note = line => fs.appendFileSync('../../vite.log', line + '\\n')
  process.on('SIGTERM', () => { note('SIGTERM'); process.exit(1) })
  const folder = process.argv.find(arg => arg.startsWith('--outDir=')).slice('--outDir='.length)
  fs.mkdirSync(folder + '/assets', { recursive: true })
  fs.writeFileSync(folder + '/index.html', 'half')
  note('build')
  setTimeout(() => {
    const source = fs.readFileSync('src/main.tsx', 'utf8')
    if (source === 'nonsense') { console.error('vite: what is this?'); process.exit(1) }
    fs.writeFileSync(folder + '/index.html', source)
    fs.writeFileSync(folder + '/assets/a.js', 'a'.repeat(9000))
  }, 300)`

/** Says what it got, and takes 200 ms to drain. */
const MAIN = `
  import { appendFileSync } from 'node:fs'
  const note = (line: string): void => appendFileSync('../main.log', line + '\\n')
  console.log(JSON.stringify([import.meta.main, ...process.argv.slice(2)]))
  if (process.argv[2] === 'wait') {
    setInterval(() => {}, 1000)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => { note(signal); setTimeout(() => { note('drained'); process.exit(7) }, 200) })
    note('ready')
  }
  if (process.argv[2] === 'abort') process.kill(process.pid, 'SIGKILL')`

let folder: string
let checkout: string
const groups = new Set<number>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-launch-'))
  checkout = join(folder, 'checkout')
  cpSync(join(import.meta.dirname, '../bin'), join(checkout, 'bin'), { recursive: true })
  write('src/main.ts', MAIN)
  write('scripts/script.ts', `console.log('script')`)
  write('package.json', '{ "type": "module" }')
  writeLockfile('1.0.0')
  writeFileSync(join(folder, 'npm-cli.js'), NPM)
})
afterEach(() => {
  for (const group of groups) {
    try {
      process.kill(-group, 'SIGKILL')
    } catch {
      // It has ended, as it should.
    }
  }
  groups.clear()
  rmSync(folder, { recursive: true, force: true })
})

test('the first launch installs and speaks of it on stderr, the second does neither', async () => {
  const first = await launch('gatehouse.mjs', 'a', 'b')
  expect(first).toMatchObject({ code: 0, stdout: '[true,"a","b"]\n' })
  expect(first.stderr).toMatch(/^gatehouse: installing dependencies …\ngatehouse: installed in [\d.]+ s\n$/)
  expect(await launch('gatehouse.mjs')).toEqual({ code: 0, signal: null, stdout: '[true]\n', stderr: '' })
  expect(log('npm')).toEqual(['production'])
})

test('launches at the same moment install once', async () => {
  const launches = await Promise.all([1, 2, 3].map(() => launch('gatehouse.mjs')))
  expect(launches.map(({ stdout }) => stdout)).toEqual(Array(3).fill('[true]\n'))
  expect(log('npm')).toEqual(['production'])
})

test('a script installs what production does not need; after it, production needs nothing', async () => {
  await launch('gatehouse.mjs')
  expect(await launch('run.mjs', 'scripts/script.ts')).toMatchObject({ code: 0, stdout: 'script\n' })
  await launch('gatehouse.mjs')
  expect(log('npm')).toEqual(['production', 'all'])
})

test('a changed lockfile installs again', async () => {
  await launch('gatehouse.mjs')
  writeLockfile('1.0.1')
  await launch('gatehouse.mjs')
  expect(log('npm')).toEqual(['production', 'production'])
})

test('what an interrupted install left behind is thrown away', async () => {
  write('node_modules/half-written/package.json', '{}')
  await launch('gatehouse.mjs')
  expect(existsSync(join(checkout, 'node_modules/half-written'))).toBe(false)
})

test('a lock that its holder no longer renews is taken over', async () => {
  mkdirSync(join(checkout, '.install-lock'))
  utimesSync(join(checkout, '.install-lock'), 0, Date.now() / 1000 - 15)
  expect((await launch('gatehouse.mjs')).stderr).toContain('waiting for it')
  expect(log('npm')).toEqual(['production'])
})

test('a signal while installing ends npm, then the launch, which leaves no lock', async () => {
  const child = start('gatehouse.mjs')
  await until(() => log('npm').length > 0)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM'])
  expect(log('npm')).toEqual(['production', 'SIGTERM'])
  expect(existsSync(join(checkout, '.install-lock'))).toBe(false)
})

test('a release without a lockfile was installed by npm and installs nothing', async () => {
  rmSync(join(checkout, 'package-lock.json'))
  expect(await launch('gatehouse.mjs')).toMatchObject({ code: 0, stderr: '' })
})

test('on an older Node it repeats itself on the fetched one, to the same end', async () => {
  pretendToBeOld()
  expect(await launch('gatehouse.mjs', 'a')).toMatchObject({ code: 0, stdout: '[true,"a"]\n' })
  expect(await launch('gatehouse.mjs', 'abort')).toMatchObject({ signal: 'SIGKILL' })
})

test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'on an older Node %s reaches the program once, and the launcher waits for it to drain',
  async signal => {
    pretendToBeOld()
    const child = start('gatehouse.mjs', 'wait')
    await until(() => log('main').includes('ready'))
    child.kill(signal)
    // Else the two may arrive as one.
    await sleep(50)
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([7, null])
    expect(log('main')).toEqual(['ready', signal, 'drained'])
  },
)

test('on an older Node without a package to fetch, it says what to do', async () => {
  pretendToBeOld()
  write('tools/node24/package.json', '{ "optionalDependencies": {} }')
  const { code, stderr } = await launch('gatehouse.mjs')
  expect(code).toBe(1)
  expect(stderr).toContain('Install Node 24')
})

test('when the shell that npm started it from dies, it drains', async () => {
  const shell = spawnInGroup('sh', ['-c', `"${process.execPath}" bin/gatehouse.mjs wait; true`], {
    npm_lifecycle_event: 'start',
  })
  await until(() => log('main').includes('ready'))
  shell.kill('SIGTERM')
  await until(() => log('main').includes('drained'))
  expect(log('main')).toEqual(['ready', 'SIGTERM', 'drained'])
})

test('serve installs what the page needs and builds it, once; no other command does', async () => {
  addPage()
  await launch('gatehouse.mjs', 'search')
  expect(log('vite')).toEqual([])
  const { code, stdout, stderr } = await launch('gatehouse.mjs', 'serve')
  expect([code, stdout]).toEqual([0, '[true,"serve"]\n'])
  expect(stderr).toMatch(
    /installing what the page is built with …\n.*\n.*building the page …\n.*built in [\d.]+ s\n$/,
  )
  expect(dist('index.html')).toBe('one')
  expect(dist('assets/a.js.br').length).toBeLessThan(100)
  expect(dist('assets/a.js.gz').length).toBeLessThan(100)
  expect(await launch('gatehouse.mjs', 'serve')).toMatchObject({ code: 0, stderr: '' })
  expect(log('vite')).toEqual(['build'])
})

test('launches at the same moment build the page once', async () => {
  addPage()
  await Promise.all([1, 2, 3].map(() => launch('gatehouse.mjs', 'serve')))
  expect(log('vite')).toEqual(['build'])
  expect(dist('index.html')).toBe('one')
})

test('a change of what the page is made of builds it again, and one of a test or of the server does not', async () => {
  addPage()
  await launch('gatehouse.mjs', 'serve')
  write('web/src/rules.test.ts', 'changed')
  write('src/doors.ts', 'changed')
  await launch('gatehouse.mjs', 'serve')
  expect(log('vite')).toEqual(['build'])
  const parts = [
    'web/src/main.tsx',
    'web/index.html',
    'web/package-lock.json',
    'src/protocols/client/client.ts',
    'src/gate/scopes.ts',
  ]
  for (const [times, path] of parts.entries()) {
    write(path, path.endsWith('.json') ? '{ "packages": {} }' : 'two')
    await launch('gatehouse.mjs', 'serve')
    expect([path, log('vite').length]).toEqual([path, times + 2])
  }
})

test('a page that cannot be built says why, and the server starts with the one before', async () => {
  addPage()
  await launch('gatehouse.mjs', 'serve')
  write('web/src/main.tsx', 'nonsense')
  const { code, stdout, stderr } = await launch('gatehouse.mjs', 'serve')
  expect([code, stdout]).toEqual([0, '[true,"serve"]\n'])
  expect(stderr).toMatch(/vite: what is this\?\n(.*\n)*.*could not be built.*starts all the same\n$/)
  expect(dist('index.html')).toBe('one')
})

test('a signal while building ends the build, then the launch, which leaves neither lock nor half a page', async () => {
  addPage()
  const child = start('gatehouse.mjs', 'serve')
  await until(() => log('vite').length > 0)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM'])
  expect(log('vite')).toEqual(['build', 'SIGTERM'])
  expect(existsSync(join(checkout, 'web/.build-lock'))).toBe(false)
  expect(existsSync(join(checkout, 'web/dist'))).toBe(false)
  expect(log('main')).toEqual([])
})

test('a release ships the page without its sources and builds nothing', async () => {
  write('web/dist/index.html', 'shipped')
  await launch('gatehouse.mjs')
  expect(await launch('gatehouse.mjs', 'serve')).toMatchObject({ code: 0, stderr: '' })
  expect(dist('index.html')).toBe('shipped')
})

test('a script has what the page is built with', async () => {
  addPage()
  await launch('run.mjs', 'scripts/script.ts')
  expect(existsSync(join(checkout, 'web/node_modules/vite/bin/vite.js'))).toBe(true)
})

function addPage(): void {
  write('web/package.json', '{}')
  write('web/vite.mjs', VITE)
  write('web/package-lock.json', JSON.stringify({ packages: { 'node_modules/vite': { version: '8.0.0' } } }))
  write('web/src/main.tsx', 'one')
}

function dist(path: string): string {
  return readFileSync(join(checkout, 'web/dist', path), 'utf8')
}

function write(path: string, text: string): void {
  const file = join(checkout, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function writeLockfile(version: string): void {
  const packages = {
    '': {},
    'node_modules/needed': { version },
    'node_modules/tool': { version, dev: true },
    'node_modules/for-another-system': { version, optional: true },
  }
  write('package-lock.json', JSON.stringify({ packages }))
}

/** Has the launcher see Node 20, and ours where it looks for the fetched one. */
function pretendToBeOld(): void {
  const name = `node-${process.platform}-${process.arch}`
  const lockfile = JSON.stringify({ packages: { [`node_modules/${name}`]: { version: '24.0.0' } } })
  write('tools/node24/package.json', JSON.stringify({ optionalDependencies: { [name]: '24.0.0' } }))
  write('tools/node24/package-lock.json', lockfile)
  write('tools/node24/node_modules/.package-lock.json', lockfile)
  mkdirSync(join(checkout, 'tools/node24/node_modules', name, 'bin'), { recursive: true })
  symlinkSync(process.execPath, join(checkout, 'tools/node24/node_modules', name, 'bin/node'))
  write(
    'old.mjs',
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } })`,
  )
}

/** In a group and session of its own: without the terminal that the tests may have. */
function spawnInGroup(program: string, args: string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(program, args, {
    cwd: checkout,
    detached: true,
    env: { PATH: process.env['PATH'], npm_execpath: join(folder, 'npm-cli.js'), ...env },
  })
  if (child.pid !== undefined) groups.add(child.pid)
  return child
}

function start(launcher: string, ...args: string[]): ChildProcess {
  const isOld = existsSync(join(checkout, 'old.mjs'))
  return spawnInGroup(process.execPath, [
    ...(isOld ? ['--import', './old.mjs'] : []),
    `bin/${launcher}`,
    ...args,
  ])
}

async function launch(launcher: string, ...args: string[]) {
  const child = start(launcher, ...args)
  const said = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, ...said }
}

function log(name: 'npm' | 'main' | 'vite'): string[] {
  const file = join(folder, `${name}.log`)
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(20)
}
