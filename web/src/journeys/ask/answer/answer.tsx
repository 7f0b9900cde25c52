// An answer: its words as they come, what has to be said about it, and what it rests on.
import { CircleAlert, CircleCheck } from 'lucide-react'
import type { TaskArtifact } from '../../../../../src/protocols/client/task/task-shape.ts'
import { artifactText } from '../../../../../src/protocols/client/task/task-view.ts'
import { useMemo } from 'react'
import { CopyButton } from '../../../parts/actions/copy-button.tsx'
import { Banner } from '../../../parts/shown/banner.tsx'
import type { AnswerNotes } from './answer-notes.ts'
import { AnswerText } from './answer-text.tsx'
import { type Checked, checkedOf } from './checked.ts'
import { Sources } from './sources.tsx'
import { verdictWords } from './verdict-words.ts'

export interface AnswerProps {
  readonly artifacts: readonly TaskArtifact[]
  readonly notes: AnswerNotes
  /** Nothing more of it will come. */
  readonly isOver: boolean
}

export function Answer({ artifacts, notes, isOver }: AnswerProps) {
  const text = artifactText({ artifacts: artifacts.map(one => ({ ...one, is_complete: isOver })) }, 'answer')
  const checked = useChecked(artifacts)
  if (text === '' && checked.sources.length === 0) return null
  return (
    <div>
      {text !== '' && <AnswerText text={text} checked={checked} />}
      <Notes notes={notes} />
      {text !== '' && (
        <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
          <Verdict checked={checked} isOver={isOver} />
          {isOver && <CopyButton text={text} what="the answer" />}
        </div>
      )}
      <Sources checked={checked} />
    </div>
  )
}

/** The same as before until an artifact that it is made of is another: a growing answer changes none of its marks. */
function useChecked(artifacts: readonly TaskArtifact[]): Checked {
  const of = (id: string) => artifacts.find(({ artifact_id }) => artifact_id === id)
  const [passages, citations] = [of('passages'), of('citations')]
  return useMemo(() => checkedOf([passages, citations].flatMap(one => one ?? [])), [passages, citations])
}

interface VerdictProps {
  readonly checked: Checked
  readonly isOver: boolean
}

function Verdict({ checked, isOver }: VerdictProps) {
  const words = verdictWords(checked, isOver)
  if (checked.verified === undefined) return <span className="text-soft">{words}</span>
  const [Sign, look] = checked.verified ? [CircleCheck, 'text-good'] : [CircleAlert, 'font-medium text-wrong']
  return (
    <span className={`inline-flex items-start gap-1.5 ${look}`}>
      <Sign size={16} aria-hidden="true" className="mt-0.5 shrink-0" /> {words}
    </span>
  )
}

const CUT_WORDS = {
  cut: 'The answer ends before it was complete: it had become too long.',
  withheld: 'The provider of the model withheld the rest of the answer.',
} as const

function Notes({ notes: { cut, degraded } }: { readonly notes: AnswerNotes }) {
  if (cut === undefined && degraded === undefined) return null
  return (
    <div className="mt-3 space-y-2">
      {cut !== undefined && <Banner kind="warn">{CUT_WORDS[cut]}</Banner>}
      {degraded !== undefined && <Banner kind="warn">{degraded}</Banner>}
    </div>
  )
}
