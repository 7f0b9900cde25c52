// The folder an export is written to: empty at first, files that only their owner may read, each hashed as it is written.
import { createHash, type Hash } from 'node:crypto'
import { mkdir, open, readdir, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fault } from '../../../platform/faults.ts'

export interface ExportedFile {
  /** Within the folder, with `/`. */
  readonly path: string
  readonly size: number
  readonly sha256: string
}

export interface ExportFile {
  write(data: string | Uint8Array): Promise<void>
  close(): Promise<ExportedFile>
}

export interface ExportFolder {
  /** Makes a new file. Names come from the server only as checked ids: nothing leaves the folder. */
  create(path: string): Promise<ExportFile>
  /** What was written and closed so far. */
  readonly files: readonly ExportedFile[]
}

/** Makes the folder (0700), or takes one that is empty; `invalid_input` for any other. */
export async function exportFolder(folder: string): Promise<ExportFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 0)
    throw fault('invalid_input', {
      reason: 'folder_not_empty',
      say: `${folder} is not empty; name a new folder.`,
    })
  const files: ExportedFile[] = []
  return {
    files,
    create: async path => {
      const full = join(folder, path)
      await mkdir(dirname(full), { recursive: true, mode: 0o700 })
      return writing(await open(full, 'wx', 0o600), { path, done: file => void files.push(file) })
    },
  }
}

function writing(
  handle: FileHandle,
  { path, done }: { readonly path: string; readonly done: (file: ExportedFile) => void },
): ExportFile {
  const hash: Hash = createHash('sha256')
  let size = 0
  return {
    write: async data => {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data
      hash.update(bytes)
      size += bytes.length
      await handle.appendFile(bytes)
    },
    close: async () => {
      await handle.close()
      const file = { path, size, sha256: hash.digest('hex') }
      done(file)
      return file
    },
  }
}
