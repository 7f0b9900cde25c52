// Hints that something below the arguments may have changed. They only make the next look come sooner: where the
// system gives none (network folders, too many watches), looks come at their own pace.
import { watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, sep } from 'node:path'
import { folderOf, isPassedOver } from './find-sources.ts'

export interface HintOptions {
  readonly onHint: () => void
  /** There will be no hints for a folder. */
  readonly onProblem: (folder: string, error: NodeJS.ErrnoException) => void
  /** Ends the watching. */
  readonly signal: AbortSignal
}

export async function watchFolders(args: readonly string[], options: HintOptions): Promise<void> {
  for (const argument of args) watchFolder(await placeOf(argument), options)
}

interface Place {
  readonly folder: string
  readonly recursive: boolean
}

async function placeOf(argument: string): Promise<Place> {
  const stats = await stat(argument).catch(() => undefined)
  if (stats?.isDirectory() === true) return { folder: argument, recursive: true }
  if (stats?.isFile() === true) return { folder: dirname(argument), recursive: false }
  return { folder: folderOf(argument), recursive: true }
}

function watchFolder({ folder, recursive }: Place, { onHint, onProblem, signal }: HintOptions): void {
  const isNoise = (path: string): boolean => path.split(sep).some(isPassedOver)
  try {
    const watcher = watch(folder, { recursive, signal }, (_kind, path) => {
      if (path === null || !isNoise(path)) onHint()
    })
    watcher.on('error', (error: NodeJS.ErrnoException) => onProblem(folder, error))
  } catch (error) {
    onProblem(folder, error as NodeJS.ErrnoException)
  }
}
