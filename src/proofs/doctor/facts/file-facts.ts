// Who may reach the files that hold secrets. Only their rights are read, never their text.
import { lstat, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FileFact } from './facts.ts'

export interface Places {
  readonly dataDir: string
  readonly socket: string | undefined
  readonly settingFiles: readonly string[]
}

export async function fileFacts({ dataDir, socket, settingFiles }: Places): Promise<FileFact[]> {
  const keys = join(dataDir, 'keys')
  const signing = join(keys, 'signing')
  const names = await readdir(signing).catch(() => [])
  const found = await Promise.all([
    fact(dataDir, 'data folder'),
    fact(keys, 'keys folder'),
    fact(join(keys, 'seal'), 'seal key'),
    ...names.map(name => fact(join(signing, name), 'signing key')),
    ...settingFiles.map(path => fact(path, 'settings file')),
    ...(socket === undefined ? [] : [fact(socket, 'socket'), fact(dirname(socket), 'socket folder')]),
  ])
  return found.filter(file => file !== undefined)
}

/** Undefined when it is not there. */
async function fact(path: string, what: FileFact['what']): Promise<FileFact | undefined> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return undefined
  return { path, what, mode: found.mode & 0o777, isMine: found.uid === (process.getuid?.() ?? found.uid) }
}
