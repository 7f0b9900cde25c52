// One process at a time on an embedded database: PGlite itself lets two open the same folder and ruins it.
import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fault } from '../../faults.ts'

interface Holder {
  readonly pid: number
  /** When the process started, as the system counts it: a reused pid is not taken for the holder. */
  readonly started: string
  /** No two locks have the same text, not even of one process. */
  readonly nonce: string
}

/** Takes the lock of a folder; the returned function gives it back. A lock whose process is gone is taken over. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(refuse(`Cannot create ${folder}`))
  const lock = join(folder, 'lock')
  const self: Holder = {
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    nonce: randomBytes(8).toString('hex'),
  }
  const draft = `${lock}.${self.nonce}`
  await writeFile(draft, JSON.stringify(self)).catch(refuse(`Cannot write in ${folder}`))
  try {
    await take({ place: lock, lock, draft, folder })
    return () => rm(lock, { force: true })
  } finally {
    await rm(draft, { force: true })
  }
}

interface Taking {
  readonly place: string
  readonly lock: string
  readonly draft: string
  readonly folder: string
}

/**
 * Puts the draft in its place if that is free or its holder is gone. A dead holder's place is replaced by whoever
 * has the claim to it, which is a place of its own, named by the dead one's text: of several who find it dead,
 * one gets it, and who comes later finds another text there. (Removing it first let two in, in half of the races.)
 */
async function take(taking: Taking): Promise<void> {
  const { place, lock, draft, folder } = taking
  for (let attempt = 0; attempt < 10; attempt++) {
    if (await isLinked(draft, place, folder)) return
    const text = await textOf(place)
    if (text === undefined) continue // given back in between
    const holder = holderIn(text)
    if (holder !== undefined && startOf(holder.pid) === holder.started) {
      throw fault('conflict', {
        reason: 'folder_locked',
        say: `${folder} is in use by process ${holder.pid}. Stop it, or choose another folder with GATEHOUSE_DATA_DIR.`,
      })
    }
    const claim = `${lock}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
    await take({ ...taking, place: claim })
    try {
      if ((await textOf(place)) !== text) continue
      const own = `${draft}.own`
      await link(draft, own)
      await rename(own, place)
      return
    } finally {
      await rm(claim, { force: true })
    }
  }
  throw fault('conflict', {
    reason: 'folder_locked',
    say: `${folder} is being opened by another process; try again.`,
  })
}

/** A hard link appears whole or not at all, and fails when the name is taken. */
async function isLinked(draft: string, place: string, folder: string): Promise<boolean> {
  try {
    await link(draft, place)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    return refuse(`Cannot lock ${folder}`)(error as NodeJS.ErrnoException)
  }
}

function refuse(problem: string): (error: NodeJS.ErrnoException) => never {
  return error => {
    throw fault('invalid_input', {
      say: `${problem} (${error.code ?? 'unknown reason'}): choose a folder you may write, with GATEHOUSE_DATA_DIR.`,
      because: error,
    })
  }
}

async function textOf(place: string): Promise<string | undefined> {
  try {
    return await readFile(place, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null
    return typeof holder?.pid === 'number' && typeof holder.started === 'string'
      ? (holder as Holder)
      : undefined
  } catch {
    return undefined
  }
}

/** When a process started; undefined when it is gone. Where there is no /proc, only whether it lives. */
function startOf(pid: number): string | undefined {
  try {
    // Counted after the command's closing parenthesis: field 3 is the state, field 22 the start.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
    // Z: dead, and only not yet fetched by its parent.
    return fields?.[0] === 'Z' ? undefined : fields?.[19]
  } catch {
    if (process.platform === 'linux') return undefined
  }
  try {
    process.kill(pid, 0)
    return ''
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? '' : undefined
  }
}
