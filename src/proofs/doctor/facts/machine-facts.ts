// The machine as this process sees it.
import { readFile, statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import type { MachineFacts } from './facts.ts'

export async function machineFacts(dataDir: string | undefined, gatehouse: string): Promise<MachineFacts> {
  const disk = dataDir === undefined ? undefined : await statfs(dataDir).catch(() => undefined)
  return {
    node: process.versions.node,
    gatehouse,
    disk: disk && {
      freeBytes: disk.bavail * disk.bsize,
      bytes: disk.blocks * disk.bsize,
      freeInodes: disk.ffree,
      inodes: disk.files,
    },
    openFiles: await openFileLimit(),
    // In a container the host's memory says nothing; without a limit this is 0 or beyond all bounds.
    memoryBytes: Math.min(process.constrainedMemory() || totalmem(), totalmem()),
  }
}

/** Node raises its own soft limit to the hard one at its start; this is what the process has. Linux tells. */
async function openFileLimit(): Promise<number | undefined> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
  return soft === undefined ? undefined : Number(soft)
}
