// Files that hold secrets: readable by their owner alone, replaced in one step.
import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fault } from './faults.ts'

/** Writes the whole file (mode 0600, folder 0700) and puts it in place by a rename, so that no reader sees half of it. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomUUID()}.draft`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** Throws when others than the owner may read the file. */
export async function refuseReadableByOthers(path: string): Promise<void> {
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw fault('invalid_input', { say: `${path} can be read by others; run: chmod 600 ${path}` })
  }
}
