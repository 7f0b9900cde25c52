// The files on their way in: one line about all of them, and each with its stage; what needs somebody stands first.
import { useEffect, useState } from 'react'
import { Button } from '../../../parts/actions/button.tsx'
import { Banner } from '../../../parts/shown/banner.tsx'
import { Card } from '../../../parts/shown/card.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import type { BringQueue } from './bring-queue.ts'
import type { BringState } from './brought-files.ts'
import { counted, summaryWords } from './bring-words.ts'
import { groupOf, isUnsent, type BroughtFile } from './brought-file.ts'
import { FileRow } from './file-row.tsx'

const ORDER = ['failed', 'running', 'waiting', 'done'] as const
const SHOWN = 100
/** Read out no more often than somebody can listen. */
const SAID_MS = 4_000

export function BringPanel({ queue, state }: { readonly queue: BringQueue; readonly state: BringState }) {
  const [limit, setLimit] = useState(SHOWN)
  const { files, connection } = state
  const words = files.length === 0 ? '' : summaryWords(files)
  const said = useSlowly(words)
  if (files.length === 0) return null
  const ordered = ORDER.flatMap(group => files.filter(file => groupOf(file) === group))
  const unsent = files.filter(isUnsent)
  const ended = files.filter(file => groupOf(file) === 'done')
  return (
    <div className="mb-4">
      <Card
        title="Files on their way in"
        isFlush
        actions={
          <div className="flex flex-wrap gap-2">
            {unsent.length > 0 && (
              <Button onClick={() => queue.cancel(unsent.map(keyOf))}>
                Cancel {counted(unsent.length, 'file')} not sent
              </Button>
            )}
            {ended.length > 0 && (
              <Button look="quiet" onClick={() => queue.dismiss(ended.map(keyOf))}>
                Clear what is in
              </Button>
            )}
          </div>
        }
      >
        <div className="space-y-2 border-b border-line px-4 py-2.5 text-sm">
          <p className="figures">
            {words}
            <span className="unseen" role="status">
              {said}
            </span>
          </p>
          {connection.state === 'reconnecting' && (
            <Banner kind="warn">
              The connection was lost; trying again ({connection.attempt}). What you see may be old, nothing
              is missed.
            </Banner>
          )}
          {connection.state === 'failed' && (
            <ProblemNote problem={connection.problem} onRetry={() => queue.followAgain()} />
          )}
        </div>
        <ul className="max-h-[28rem] overflow-auto">
          {ordered.slice(0, limit).map(file => (
            <FileRow key={file.key} file={file} queue={queue} />
          ))}
        </ul>
        {ordered.length > limit && (
          <div className="border-t border-line p-2 text-center">
            <Button look="quiet" onClick={() => setLimit(shown => shown + SHOWN)}>
              Show more of {counted(ordered.length, 'file')}
            </Button>
          </div>
        )}
      </Card>
    </div>
  )
}

function keyOf({ key }: BroughtFile): string {
  return key
}

/** The words as they stood a while ago at most. */
function useSlowly(words: string): string {
  const [said, setSaid] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setSaid(words), said === '' ? 0 : SAID_MS)
    return () => clearTimeout(timer)
  }, [words, said])
  return said
}
