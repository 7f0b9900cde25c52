// What changed between two versions, line by line; what stayed is folded away but for a few lines around.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { operationQuery } from '../../../api/operation-query.ts'
import { Banner } from '../../../parts/shown/banner.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { counted } from '../bring/bring-words.ts'
import { lineDiff, type Run } from './line-diff.ts'

const AROUND = 3

export interface VersionChangesProps {
  readonly documentId: string
  readonly from: number
  readonly to: number
}

export function VersionChanges({ documentId, from, to }: VersionChangesProps) {
  const of = (version: number) => operationQuery('retrieve_document', { document_id: documentId, version })
  const before = useQuery(of(from))
  const after = useQuery(of(to))
  const runs = useMemo(
    () =>
      before.data === undefined || after.data === undefined
        ? undefined
        : lineDiff(before.data.content.split('\n'), after.data.content.split('\n')),
    [before.data, after.data],
  )
  const problem = before.error ?? after.error
  if (problem !== null) return <ProblemNote problem={problem} />
  if (runs === undefined) return <Waiting what="both versions" lines={8} />
  const isCut = before.data?.next_start !== undefined || after.data?.next_start !== undefined
  const count = (kind: Run['kind']) =>
    runs.filter(run => run.kind === kind).reduce((sum, { lines }) => sum + lines.length, 0)
  return (
    <>
      <p className="mb-3 text-sm text-soft">
        {runs.every(({ kind }) => kind === 'same')
          ? `The texts of version ${from} and version ${to} are the same: what changed is what is said about the document.`
          : `From version ${from} to version ${to}: ${counted(count('gone'), 'line')} went, ${counted(count('new'), 'line')} came.`}
      </p>
      {isCut && <Banner kind="info">Only the first million characters of each are compared.</Banner>}
      <div className="overflow-hidden rounded-md border border-line font-mono text-sm">
        {runs.map((run, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the runs of two versions never change
          <RunLines key={index} run={run} isFirst={index === 0} isLast={index === runs.length - 1} />
        ))}
      </div>
    </>
  )
}

const LOOKS = {
  same: ['', ' ', 'unchanged'],
  gone: ['bg-wrong-ground text-wrong', '−', 'went'],
  new: ['bg-good-ground text-good', '+', 'came'],
} as const

interface RunLinesProps {
  readonly run: Run
  readonly isFirst: boolean
  readonly isLast: boolean
}

function RunLines({ run, isFirst, isLast }: RunLinesProps) {
  const { kind, lines } = run
  const head = isFirst ? 0 : AROUND
  const tail = isLast ? 0 : AROUND
  const isFolded = kind === 'same' && lines.length > head + tail + 1
  if (!isFolded) return <Lines kind={kind} lines={lines} />
  return (
    <>
      <Lines kind="same" lines={lines.slice(0, head)} />
      <p className="bg-sunken px-3 py-1 text-xs text-soft">
        {counted(lines.length - head - tail, 'line')} that stayed the same
      </p>
      <Lines kind="same" lines={lines.slice(lines.length - tail)} />
    </>
  )
}

function Lines({ kind, lines }: Run) {
  const [look, sign, words] = LOOKS[kind]
  if (lines.length === 0) return null
  return (
    <div className={`py-0.5 ${look}`}>
      {kind !== 'same' && <span className="unseen">Lines that {words}:</span>}
      {lines.map((line, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a line is its place
        <p key={index} className="flex gap-3 px-3">
          <span aria-hidden="true" className="w-2 shrink-0 select-none">
            {sign}
          </span>
          <span className="min-w-0 flex-1 wrap-anywhere whitespace-pre-wrap">{line}</span>
        </p>
      ))}
    </div>
  )
}
