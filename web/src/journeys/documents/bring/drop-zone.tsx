// The whole page takes files that are dropped on it. While they hang over it, it says what will happen.
import { FileUp } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import type { BroughtSource } from './bring-queue.ts'
import { droppedFiles } from './dropped-files.ts'

export function DropZone({ onBring }: { readonly onBring: (sources: readonly BroughtSource[]) => void }) {
  const [isOver, setOver] = useState(false)
  const dropped = useEffectEvent((event: DragEvent) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    setOver(false)
    if (event.dataTransfer !== null) void droppedFiles(event.dataTransfer).then(onBring)
  })
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const left = (event: DragEvent) => {
      // Out of the window, rather than onto another element.
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => dropped(event)
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', left)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', left)
      window.removeEventListener('drop', drop)
    }
  }, [])
  if (!isOver) return null
  return (
    <div className="pointer-events-none fixed inset-0 z-40 flex items-center justify-center bg-shade p-6">
      <p className="flex items-center gap-3 rounded-lg border-2 border-dashed border-accent bg-card px-8 py-6 text-md font-medium shadow-pop">
        <FileUp size={16} aria-hidden="true" /> Drop files or folders to add them
      </p>
    </div>
  )
}

function holdsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false
}
