// Fetches the original file, with its progress; a second press ends it.
import { Download } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../../../parts/actions/button.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { sizeWords } from '../bring/bring-words.ts'
import { downloadOriginal, type Original } from './download-original.ts'

export function DownloadButton({ original, size }: { readonly original: Original; readonly size: number }) {
  const [part, setPart] = useState<number>()
  const [problem, setProblem] = useState<unknown>()
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(new Error('nobody waits any more')), [])
  const run = async () => {
    const abort = new AbortController()
    running.current = abort
    setProblem(undefined)
    setPart(0)
    try {
      await downloadOriginal(original, { signal: abort.signal, onPart: setPart })
    } catch (thrown) {
      if (!abort.signal.aborted) setProblem(thrown)
    } finally {
      setPart(undefined)
    }
  }
  return (
    <div className="space-y-2">
      {part === undefined ? (
        <Button onClick={() => void run()}>
          <Download size={14} aria-hidden="true" /> Original file ({sizeWords(size)})
        </Button>
      ) : (
        <Button onClick={() => running.current?.abort(new Error('cancelled'))}>
          {Math.floor(part * 100)} % fetched; cancel
        </Button>
      )}
      {problem !== undefined && <ProblemNote problem={problem} onRetry={() => void run()} />}
    </div>
  )
}
