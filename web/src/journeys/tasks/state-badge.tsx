// A task's state in a word.
import type { TaskState } from '../../../../src/protocols/client/task/task-shape.ts'
import { Spinner } from '../../parts/actions/button.tsx'
import { Badge, type Tone } from '../../parts/shown/badge.tsx'

const WORDS: Record<TaskState, readonly [words: string, tone: Tone]> = {
  submitted: ['queued', 'plain'],
  working: ['working', 'accent'],
  input_required: ['waits for you', 'warn'],
  auth_required: ['waits for sign-in', 'warn'],
  completed: ['completed', 'good'],
  failed: ['failed', 'wrong'],
  canceled: ['cancelled', 'plain'],
  rejected: ['rejected', 'wrong'],
}

export function stateWords(state: TaskState): string {
  return WORDS[state][0]
}

export function StateBadge({
  state,
  reason,
}: {
  readonly state: TaskState
  readonly reason?: string | undefined
}) {
  const [words, tone] = WORDS[state]
  return (
    <Badge tone={tone}>
      {state === 'working' && <Spinner />}
      {state === 'input_required' && reason === 'budget_exceeded' ? 'waits for money' : words}
    </Badge>
  )
}
