// One process at a time on an embedded database: PGlite itself lets two open the same folder and ruins it.
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Fault, fault } from '../../faults.ts'

interface Holder {
  readonly pid: number
  /** When the process started, as the system counts it: a reused pid is not taken for the holder. */
  readonly started: string
}

/** Takes the lock of a folder; the returned function gives it back. A lock whose process is gone is taken over. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw notWritable('create', folder, error)
  })
  const lock = join(folder, 'lock')
  const draft = `${lock}.${process.pid}`
  const self: Holder = { pid: process.pid, started: startOf(process.pid) ?? '' }
  await writeFile(draft, JSON.stringify(self)).catch((error: unknown) => {
    throw notWritable('write in', folder, error)
  })
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      // A hard link appears whole or not at all, and fails when the name is taken.
      if (
        await link(draft, lock).then(
          () => true,
          () => false,
        )
      )
        return () => rm(lock, { force: true })
      const holder = await holderOf(lock)
      if (holder !== undefined && startOf(holder.pid) === holder.started) {
        throw fault('conflict', {
          reason: 'folder_locked',
          say: `${folder} is in use by process ${holder.pid}. Stop it, or choose another folder with GATEHOUSE_DATA_DIR.`,
        })
      }
      await rm(lock, { force: true })
    }
    throw fault('conflict', {
      reason: 'folder_locked',
      say: `${folder} is being opened by another process; try again.`,
    })
  } finally {
    await rm(draft, { force: true })
  }
}

function notWritable(deed: string, folder: string, error: unknown): Fault {
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException
  return fault('invalid_input', {
    say: `Cannot ${deed} ${folder} (${code}): choose a folder you may write, with GATEHOUSE_DATA_DIR.`,
    reason: 'folder_not_writable',
    because: error,
  })
}

async function holderOf(lock: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(lock, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

/** When a process started; undefined when it is gone. Where there is no /proc, only whether it lives. */
function startOf(pid: number): string | undefined {
  try {
    // Field 22 of /proc/<pid>/stat, counted after the command's closing parenthesis.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19]
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
