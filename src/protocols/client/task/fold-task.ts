// A task's view and one more event give the next view. Pure: a command line and a page show the same, and whoever has the
// same events has the same view.
import {
  hasEnded,
  isWaiting,
  type ArtifactEvent,
  type StateEvent,
  type TaskEvent,
  type TaskPart,
} from './task-shape.ts'
import type { ArtifactView, StepView, TaskView } from './task-view.ts'

/** An event that was seen already changes nothing; whether one is missing is for the caller to see (`last_sequence`). */
export function foldTask(view: TaskView, event: TaskEvent): TaskView {
  if (event.sequence <= view.last_sequence) return view
  const began = view.began_at ?? event.at
  // A2A does not tell of every event when it happened.
  const seen = { ...view, ...(began === '' ? {} : { began_at: began }), last_sequence: event.sequence }
  switch (event.kind) {
    case 'state':
      return { ...withState(seen, event), steps: stepsAfterState(seen.steps, event) }
    case 'step':
      return {
        ...seen,
        steps: changed(doneBefore(seen.steps, event.step, event.at), event.step, step => ({
          ...withoutEnd(step),
          state: 'running',
          attempt: event.attempt,
          began_at: event.at,
          said: [],
        })),
      }
    case 'progress':
      // It is told with the step's result, so the step is done; it may tell more than one thing.
      return {
        ...seen,
        steps: changed(seen.steps, event.step, step => ({
          ...step,
          state: 'done',
          ended_at: event.at,
          said: [...step.said, event.say],
        })),
      }
    case 'artifact':
      return { ...seen, artifacts: withArtifact(seen.artifacts, event) }
    default:
      // A message changes nothing that is seen. A newer server may tell what this does not know: it counts.
      return seen
  }
}

/** Words of an earlier state are not those of this one. */
function withState(view: TaskView, { state, at, say, reason, facts }: StateEvent): TaskView {
  return { ...view, state, at, say, reason, facts }
}

function stepsAfterState(steps: readonly StepView[], { state, at }: StateEvent): readonly StepView[] {
  if (!hasEnded(state)) return steps
  const end = state === 'completed' ? 'done' : state === 'canceled' ? 'canceled' : 'failed'
  return steps.map(step => (step.state === 'running' ? { ...step, state: end, ended_at: at } : step))
}

/** A step begins when the results it needs are there: some steps have nothing to tell when they are done. */
function doneBefore(steps: readonly StepView[], name: string, at: string): readonly StepView[] {
  const needed = new Set<string>()
  const add = (one: string): void => {
    for (const before of steps.find(step => step.name === one)?.after ?? []) {
      if (needed.has(before)) continue
      needed.add(before)
      add(before)
    }
  }
  add(name)
  return steps.map(step =>
    needed.has(step.name) && step.state === 'running' ? { ...step, state: 'done', ended_at: at } : step,
  )
}

function changed(
  steps: readonly StepView[],
  name: string,
  change: (step: StepView) => StepView,
): readonly StepView[] {
  if (steps.some(step => step.name === name))
    return steps.map(step => (step.name === name ? change(step) : step))
  return [...steps, change({ name, title: name, after: [], state: 'waiting', attempt: 0, said: [] })]
}

function withoutEnd({ ended_at: _, ...step }: StepView): StepView {
  return step
}

function withArtifact(artifacts: readonly ArtifactView[], event: ArtifactEvent): readonly ArtifactView[] {
  const { artifact_id, name, description, metadata, parts, append, last } = event
  const before = artifacts.find(artifact => artifact.artifact_id === artifact_id)
  const next: ArtifactView = {
    artifact_id,
    name,
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata }),
    parts: append ? joined(before?.parts ?? [], parts) : joined([], parts),
    is_complete: last,
  }
  if (before === undefined) return [...artifacts, next]
  return artifacts.map(artifact => (artifact === before ? next : artifact))
}

/** Text that came in pieces is one part, as it is in a snapshot. */
function joined(before: readonly TaskPart[], more: readonly TaskPart[]): TaskPart[] {
  const parts = [...before]
  for (const part of more) {
    const last = parts.at(-1)
    if (last?.text !== undefined && part.text !== undefined && last.media_type === part.media_type)
      parts[parts.length - 1] = { ...last, text: last.text + part.text }
    else parts.push(part)
  }
  return parts
}

/** It does nothing until somebody does something, or for ever. */
export function isAtRest({ state }: Pick<TaskView, 'state'>): boolean {
  return hasEnded(state) || isWaiting(state)
}
