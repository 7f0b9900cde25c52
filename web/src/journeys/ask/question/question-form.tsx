// Where one asks: the question, and what stands beside it. Enter sends it, Shift and Enter begin a new line.
import { Link } from '@tanstack/react-router'
import { ArrowUp, SlidersHorizontal } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import type { Task, Workflow } from '../../../api/operations.gen.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { Field, INPUT } from '../../../parts/inputs/field.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { type Draft, questionOf } from './draft.ts'
import { QuestionOptions } from './question-options.tsx'
import { useAsking } from './use-asking.ts'
import { issueOf } from './workflow-fields.tsx'

export interface QuestionFormProps {
  readonly workflows: readonly Workflow[]
  readonly workflow: Workflow
  readonly onWorkflow: (name: string) => void
  /** What it goes on with. */
  readonly contextId: string | undefined
  readonly draft: Draft
  readonly onDraft: (draft: Draft) => void
  readonly onStarted: (task: Task) => void
}

export function QuestionForm(props: QuestionFormProps) {
  const { workflows, workflow, onWorkflow, contextId, draft, onDraft, onStarted } = props
  const [isOpen, setOpen] = useState(false)
  const { ask, isBusy, problem } = useAsking(task => {
    // Who asks on asks for the same matter.
    onDraft({ ...draft, text: '' })
    onStarted(task)
  })
  const question = questionOf(draft, workflow, contextId)
  const send = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault()
    if (question !== undefined && !isBusy) ask(question)
  }
  const issues = problem?.issues ?? []
  const isShown = isOpen || issues.some(({ field }) => !field.endsWith('question'))
  return (
    <form
      aria-label="Ask"
      className="space-y-3 rounded-lg border border-edge bg-card p-3"
      onSubmit={send}
      noValidate
    >
      <Field label="Your question" isLabelUnseen wrong={issueOf(issues, 'question')}>
        {tied => (
          <textarea
            {...tied}
            rows={2}
            maxLength={4_000}
            value={draft.text}
            placeholder={contextId === undefined ? 'Ask your documents' : 'Ask something else'}
            onChange={event => onDraft({ ...draft, text: event.currentTarget.value })}
            onKeyDown={event => {
              if (isSending(event)) send(event)
            }}
            className={`${INPUT} field-sizing-content max-h-60 resize-none`}
          />
        )}
      </Field>
      <div hidden={!isShown} id="question-options">
        <QuestionOptions {...{ workflows, workflow, onWorkflow, draft, onDraft, issues }} />
      </div>
      {problem !== null && (
        <ProblemNote problem={problem}>
          {problem.code === 'budget_exceeded' && (
            <Link to="/costs" className="underline underline-offset-2">
              See the costs
            </Link>
          )}
        </ProblemNote>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          look="quiet"
          aria-expanded={isShown}
          aria-controls="question-options"
          onClick={() => setOpen(!isOpen)}
        >
          <SlidersHorizontal size={14} aria-hidden="true" /> Options
        </Button>
        <span className="min-w-0 flex-1 truncate text-xs text-soft">{chosenWords(draft, workflow)}</span>
        <Button type="submit" look="strong" isBusy={isBusy} disabled={isBusy || question === undefined}>
          {!isBusy && <ArrowUp size={14} aria-hidden="true" />} Ask
        </Button>
      </div>
    </form>
  )
}

/** Not the Enter that ends the writing of a Japanese word. */
function isSending({ key, shiftKey, nativeEvent }: KeyboardEvent): boolean {
  return key === 'Enter' && !shiftKey && !nativeEvent.isComposing
}

function chosenWords({ label, model }: Draft, { title }: Workflow): string {
  return [title, model, label].filter(word => word !== '').join(' · ')
}
