import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder } from './folder-lock.ts'

let folder: string
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-lock-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) await killed(child)
  await rm(folder, { recursive: true, force: true })
})

/** Another process that takes the lock and keeps it; resolves with the words it prints: 'held' or the refusal. */
async function holder(): Promise<{ child: ChildProcess; says: string }> {
  const module = new URL('./folder-lock.ts', import.meta.url).href
  const script = `
    const { lockFolder } = await import(${JSON.stringify(module)})
    await lockFolder(${JSON.stringify(folder)}).then(() => console.log('held'), error => console.log(error.say))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [says] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { child, says }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('a second process is refused, and told which one has it', async () => {
  const { child, says } = await holder()
  expect(says).toBe('held')
  const refusal = {
    code: 'conflict',
    reason: 'folder_locked',
    say: expect.stringContaining(`${folder} is in use by process ${String(child.pid)}.`) as string,
  }
  await expect(lockFolder(folder)).rejects.toMatchObject(refusal)
  await expect(lockFolder(folder)).rejects.toMatchObject(refusal)
  expect((await holder()).says).toContain(`in use by process ${String(child.pid)}`)
})

test('a second opening by the same process is refused too, until the first has given it back', async () => {
  const unlock = await lockFolder(folder)
  await expect(lockFolder(folder)).rejects.toMatchObject({
    say: expect.stringContaining(`process ${process.pid}`) as string,
  })
  await unlock()
  expect(await readdir(folder)).toStrictEqual([])
  await (await lockFolder(folder))()
})

test('the lock of a killed process is taken over, and nothing else is left', async () => {
  const { child } = await holder()
  await killed(child)
  const unlock = await lockFolder(folder)
  expect(await readdir(folder)).toStrictEqual(['lock'])
  await unlock()
})

test('of many processes that find a dead lock, one gets it', async () => {
  const { child } = await holder()
  await killed(child)
  const others = await Promise.all(Array.from({ length: 6 }, holder))
  expect(others.filter(({ says }) => says === 'held')).toHaveLength(1)
})

test('of many takers within a process one gets it, in each of 200 rounds', async () => {
  const places = join(folder, 'rounds')
  for (let round = 0; round < 200; round++) {
    const place = join(places, String(round))
    await mkdir(place, { recursive: true })
    await writeFile(
      join(place, 'lock'),
      JSON.stringify({ pid: 4_194_305, started: '1', nonce: String(round) }),
    )
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => lockFolder(place)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  }
})

/** Whether the lock can be taken, and is this process's then. */
async function isTakenOver(): Promise<boolean> {
  const unlock = await lockFolder(folder)
  const { pid } = JSON.parse(await readFile(join(folder, 'lock'), 'utf8')) as { pid: number }
  await unlock()
  return pid === process.pid
}

test('a taker that died in the middle of taking over does not lock everyone out', async () => {
  const { child } = await holder()
  await killed(child)
  const dead = await readFile(join(folder, 'lock'), 'utf8')
  const unlock = await lockFolder(folder)
  await unlock()
  // The claim is a file beside the lock; here each that the taking over may have used is held by a dead process.
  const claim = (text: string) =>
    join(folder, `lock.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`)
  await writeFile(join(folder, 'lock'), dead)
  await writeFile(claim(dead), dead.replace(/"nonce":"\w+"/, '"nonce":"claimant"'))
  expect(await isTakenOver()).toBe(true)
})

test.runIf(process.platform === 'linux')(
  'the number of a dead process that a living one now bears does not count as alive',
  async () => {
    for (const pid of [process.pid, process.ppid]) {
      await writeFile(join(folder, 'lock'), JSON.stringify({ pid, started: '1', nonce: 'x' }))
      expect(await isTakenOver()).toBe(true)
    }
  },
)

test.each(['', '{}', 'null', '{"pid":"1","started":"1"}', '\0\0\0'])(
  'a lock file without a holder (%j) is taken over',
  async text => {
    await writeFile(join(folder, 'lock'), text)
    expect(await isTakenOver()).toBe(true)
  },
)

test('a folder that cannot be created is named, with the variable that chooses another', async () => {
  await writeFile(join(folder, 'file'), '')
  const refusal = {
    code: 'invalid_input',
    say: expect.stringMatching(/^Cannot create .*file\/data \(ENOTDIR\).*GATEHOUSE_DATA_DIR/) as string,
  }
  await expect(lockFolder(join(folder, 'file', 'data'))).rejects.toMatchObject(refusal)
})

test('a folder that cannot be written is named, with the variable that chooses another', async () => {
  // Rights do not bind root; no one may make files in /proc.
  const isRoot = process.getuid?.() === 0
  const place = isRoot ? '/proc' : folder
  if (!isRoot) await chmod(folder, 0o500)
  const refusal = {
    code: 'invalid_input',
    say: expect.stringMatching(/^Cannot write in .* \((EACCES|ENOENT|EPERM)\).*GATEHOUSE_DATA_DIR/) as string,
  }
  await expect(lockFolder(place)).rejects.toMatchObject(refusal)
  await chmod(folder, 0o700)
})
