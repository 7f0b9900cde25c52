// The machine: versions, disk, limits.
import { fine, odd, wrong, type Finding } from '../finding.ts'
import type { Facts } from '../facts/facts.ts'

const GIB = 1024 ** 3
const NODE_AT_LEAST = 24
const LEAST_FREE_BYTES = GIB
const SCARCE_FREE_BYTES = 5 * GIB
const LEAST_FREE_SHARE = 0.05
/** A thousand connections, the database's, and files. */
const OPEN_FILES = 4096
const MEMORY_BYTES = 0.9 * GIB

export function machineChecks({ machine }: Facts): Finding[] {
  const { node, gatehouse, openFiles, memoryBytes } = machine
  return [
    Number(node.split('.')[0]) >= NODE_AT_LEAST
      ? fine('node', `Node ${node}, Gatehouse ${gatehouse}`)
      : wrong('node', `Node is ${node}`, `Use Node ${NODE_AT_LEAST} or newer.`),
    ...diskChecks(machine.disk),
    openFiles === undefined || openFiles >= OPEN_FILES
      ? fine('open-files', `${openFiles ?? 'no known limit of'} open files allowed`)
      : odd(
          'open-files',
          `Only ${openFiles} files and connections may be open at once.`,
          `Raise the limit to ${OPEN_FILES} or more (ulimit -n, LimitNOFILE= of the service).`,
        ),
    memoryBytes >= MEMORY_BYTES
      ? fine('memory', `${gib(memoryBytes)} of memory`)
      : odd(
          'memory',
          `This process may use ${gib(memoryBytes)} of memory.`,
          'Give it 1 GiB or more: parsers and the embedded database need it.',
        ),
  ]
}

function diskChecks(disk: Facts['machine']['disk']): Finding[] {
  if (disk === undefined) return [fine('disk', 'the data folder is not there yet')]
  const { freeBytes, bytes, freeInodes, inodes } = disk
  const fix = 'Free space on the disk of the data folder, or move the folder with GATEHOUSE_DATA_DIR.'
  const seen = `${gib(freeBytes)} of ${gib(bytes)} are free on the disk of the data folder.`
  const isLow = freeBytes < SCARCE_FREE_BYTES && freeBytes < bytes * LEAST_FREE_SHARE
  return [
    freeBytes < LEAST_FREE_BYTES
      ? wrong('disk', seen, fix)
      : isLow
        ? odd('disk', seen, fix)
        : fine('disk', seen),
    // Some file systems have no fixed number of them and say 0.
    inodes === 0 || freeInodes > inodes * LEAST_FREE_SHARE
      ? fine('inodes', inodes === 0 ? 'no limit' : `${Math.round((freeInodes / inodes) * 100)} % free`)
      : odd(
          'inodes',
          `${freeInodes} of ${inodes} inodes are free on the disk of the data folder.`,
          'Remove small files there, or use a file system with more inodes.',
        ),
  ]
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`
}
