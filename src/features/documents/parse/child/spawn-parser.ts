// Starts a child that may do next to nothing: no environment, no file but its own code, no write, no further process,
// thread or add-on, no code from strings. Node's permissions do not cover the network (docs/decisions/0008-parsers.md).
import { type ChildProcess, spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { siblingFile } from '../../../../platform/sibling-file.ts'

/** What Node itself needs beside the heap that is limited. */
const OUTSIDE_HEAP_MB = 128

export function spawnParser(maxMemoryMb: number): ChildProcess {
  const script = realpathSync(fileURLToPath(siblingFile(import.meta.url, './parser-process.ts')))
  return spawn(process.execPath, [...parserFlags(script, maxMemoryMb), script], {
    env: {},
    cwd: dirname(script),
    // What a library prints about a document belongs nowhere.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    windowsHide: true,
  })
}

/** The flags of Node that take from a parser all it does not need. */
export function parserFlags(script: string, maxMemoryMb: number): string[] {
  return [
    '--permission',
    ...readable(script).map(path => `--allow-fs-read=${path}`),
    '--disallow-code-generation-from-strings',
    `--max-old-space-size=${Math.max(64, maxMemoryMb - OUTSIDE_HEAP_MB)}`,
    '--no-warnings',
  ]
}

/** The parsers, the packages, and the package.json that tells Node these are modules: not the data folder beside them. */
function readable(script: string): string[] {
  const { resolve } = createRequire(script)
  const packages = ['mammoth', 'unpdf', 'fflate', 'htmlparser2'].map(name => outermostModules(resolve(name)))
  return [...new Set([dirname(dirname(script)), ...packages, ...manifests(script)])]
}

/** pnpm keeps packages in folders within node_modules and links between them. */
function outermostModules(path: string): string {
  const parts = realpathSync(path).split(sep)
  return parts.slice(0, parts.indexOf('node_modules') + 1).join(sep)
}

function manifests(script: string): string[] {
  const folders = [dirname(script)]
  for (let folder = dirname(script); dirname(folder) !== folder; folder = dirname(folder))
    folders.push(dirname(folder))
  return folders.map(folder => join(folder, 'package.json'))
}
