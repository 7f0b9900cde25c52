// Keeps a text as a file of the reader's own.
import type { ArtifactFile } from './artifact-file.ts'

export function download({ name, type, text }: ArtifactFile): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // After the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
