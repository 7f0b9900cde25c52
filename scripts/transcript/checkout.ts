// A fresh clone of this repository in a folder of its own, with whatever is not committed yet laid over it.
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Processes } from './processes.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

export interface Checkout {
  readonly folder: string
  readonly commit: string
  /** Files that differ from the commit. */
  readonly uncommitted: number
}

/** The script's own page is left out: it is what is being written. */
const OWN_PAGE = 'docs/TRANSCRIPT.md'

export async function freshClone(processes: Processes, folder: string): Promise<Checkout> {
  const git = async (args: string): Promise<string> => {
    const { code, output } = await processes.run(`git ${args}`, { cwd: ROOT })
    if (code !== 0) throw new Error(`git ${args}: ${output}`)
    return output.trim()
  }
  await git(`clone --quiet . '${folder}'`)
  const listed = (text: string): string[] => text.split('\0').filter(path => path !== '' && path !== OWN_PAGE)
  // Staged or not; --no-renames, so that a moved file counts under both its names.
  const changed = new Set([
    ...listed(await git('diff HEAD --name-only --no-renames -z')),
    ...listed(await git('ls-files --others --exclude-standard -z')),
  ])
  for (const path of changed) {
    if (existsSync(join(ROOT, path))) cpSync(join(ROOT, path), join(folder, path))
    else rmSync(join(folder, path), { force: true })
  }
  // What is compared with later is the tree as it was cloned, overlay included.
  await processes.run('git add --all', { cwd: folder })
  return {
    folder,
    commit: await git('rev-parse --short HEAD'),
    uncommitted: changed.size,
  }
}
