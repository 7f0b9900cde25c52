// What starts a task once more: the input it was started with, as its first message holds it. Pure.
import type { Task } from '../../../api/operations.gen.ts'
import type { Input } from '../../../api/call.ts'

/** The text of the first message; '' where it had none. */
export function questionOf({ history = [] }: Pick<Task, 'history'>): string {
  const first = history.find(({ role }) => role === 'user')
  return (first?.parts ?? []).flatMap(({ text }) => text ?? []).join('\n\n')
}

/** Undefined where its first message is not there (any more). */
export function askedAgain(task: Task, key: string): Input<'start_task'> | undefined {
  const first = task.history?.find(({ role }) => role === 'user')
  if (first === undefined) return undefined
  const data = first.parts.find(part => part.data !== undefined)?.data
  const question = questionOf(task)
  return {
    workflow: task.workflow,
    context_id: task.context_id,
    idempotency_key: key,
    input: { ...fieldsOf(data), ...(question === '' ? {} : { question }) },
    ...(task.label === undefined ? {} : { label: task.label }),
  }
}

type Fields = NonNullable<Input<'start_task'>['input']>

function fieldsOf(data: unknown): Fields {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Fields) : {}
}
