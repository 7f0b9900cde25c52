// What there is to see of a task: put together from a snapshot and the events after it, by fold-task.ts.
import { hasEnded, type TaskArtifact, type TaskSnapshot, type TaskState } from './task-shape.ts'

/** A step as its workflow declares it. */
export interface DeclaredStep {
  readonly name: string
  readonly title: string
  /** Steps whose results it needs. */
  readonly after: readonly string[]
}

export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'canceled'

export interface StepView extends DeclaredStep {
  readonly state: StepState
  /** 0 until it begins. */
  readonly attempt: number
  readonly began_at?: string
  readonly ended_at?: string
  /** What it told, in order. */
  readonly said: readonly string[]
}

export interface ArtifactView extends TaskArtifact {
  readonly is_complete: boolean
}

export interface TaskView {
  readonly task_id: string
  readonly context_id: string
  readonly state: TaskState
  /** Of the state. */
  readonly at: string
  readonly say: string | undefined
  readonly reason: string | undefined
  readonly facts: Readonly<Record<string, unknown>> | undefined
  readonly last_sequence: number
  /** When the first event that was seen happened. */
  readonly began_at?: string
  /** In the order of the workflow; steps that it did not declare come when they begin. */
  readonly steps: readonly StepView[]
  /** In the order they came. */
  readonly artifacts: readonly ArtifactView[]
}

/** The view before any event: of a task that is new, or of one whose events begin after a snapshot. */
export function viewOf(
  { task_id, context_id, status, last_sequence, artifacts = [] }: TaskSnapshot,
  steps: readonly DeclaredStep[] = [],
): TaskView {
  const { state, at, say, reason, facts } = status
  return {
    task_id,
    context_id,
    state,
    at,
    say,
    reason,
    facts,
    last_sequence,
    steps: steps.map(step => ({ ...step, state: 'waiting', attempt: 0, said: [] })),
    artifacts: artifacts.map(artifact => ({ ...artifact, is_complete: hasEnded(state) })),
  }
}

/** The same task as if nothing had happened yet: for who is given all its events. */
export function unbegun(task: TaskSnapshot, steps: readonly DeclaredStep[] = []): TaskView {
  const { at } = task.status
  return viewOf({ ...task, status: { state: 'submitted', at }, last_sequence: 0, artifacts: [] }, steps)
}

/** The text of an artifact, or '' where there is none (yet). */
export function artifactText({ artifacts }: Pick<TaskView, 'artifacts'>, id: string): string {
  const parts = artifacts.find(({ artifact_id }) => artifact_id === id)?.parts ?? []
  return parts.map(({ text = '' }) => text).join('')
}
