// Where the owner-only socket of a data folder lies. The kernel takes 107 bytes of path, so a deep data folder has
// its socket below the system's temporary folder; a pointer file in the data folder says where, either way.
import { hash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { writePrivateFile } from '../../platform/private-file.ts'

const LONGEST = 103 // macOS takes fewer bytes than Linux
const POINTER = 'socket-path'

export function socketPath(dataDir: string): string {
  const near = join(dataDir, 'socket', 'gatehouse.sock')
  if (Buffer.byteLength(near) <= LONGEST) return near
  return join(tmpdir(), `gatehouse-${userInfo().username}`, `${hash('sha256', dataDir).slice(0, 24)}.sock`)
}

/** Tells commands where the server of this data folder listens. */
export async function publishSocketPath(dataDir: string, path: string): Promise<void> {
  await writePrivateFile(join(dataDir, POINTER), `${path}\n`)
}

export async function withdrawSocketPath(dataDir: string): Promise<void> {
  await rm(join(dataDir, POINTER), { force: true })
}

/** Where a server of this data folder listens, or undefined when none has said so. */
export async function publishedSocketPath(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, POINTER), 'utf8')).trim()
  } catch {
    return undefined
  }
}
