// The files of a drop or a choice, with the paths they have in their folders. Hidden files of the system are left out.
import type { BroughtSource } from './bring-queue.ts'

const HIDDEN = /(^|\/)(\.[^/]*|Thumbs\.db|desktop\.ini|__MACOSX)(\/|$)/
/** More at once are brought by command. */
export const MOST_FILES = 5_000

export function ofFile(file: File, path?: string): BroughtSource {
  const name = path ?? (file.webkitRelativePath === '' ? file.name : file.webkitRelativePath)
  return { name, size: file.size, source: { kind: 'file', file } }
}

export function chosenFiles(list: FileList | null): BroughtSource[] {
  return [...(list ?? [])]
    .map(file => ofFile(file))
    .filter(({ name }) => !HIDDEN.test(name))
    .slice(0, MOST_FILES)
}

/** Folders are walked through. Must be called while the drop is handled: what it holds is gone afterwards. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<BroughtSource[]> {
  const entries = [...items].flatMap(item => item.webkitGetAsEntry() ?? [])
  if (entries.length === 0) return chosenFiles(files)
  const found: BroughtSource[] = []
  for (const entry of entries) await walk(entry, found)
  return found
}

async function walk(entry: FileSystemEntry, found: BroughtSource[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '')
  if (HIDDEN.test(path) || found.length >= MOST_FILES) return
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject)).catch(
      () => undefined,
    )
    if (file !== undefined) found.push(ofFile(file, path))
  } else if (isFolder(entry)) {
    const reader = entry.createReader()
    // A reader answers with a hundred entries at a time, and with none at the end.
    for (let more = await next(reader); more.length > 0; more = await next(reader)) {
      for (const inside of more) await walk(inside, found)
    }
  }
}

function next(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)).catch(
    () => [],
  )
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
