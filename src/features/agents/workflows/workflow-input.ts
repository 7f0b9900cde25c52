// What a caller asks of a workflow, against the workflow's own schema.
import { parseInput } from '../../../gate/parse-input.ts'
import { asFault, fault } from '../../../platform/faults.ts'
import type { TaskPart } from '../tasks/task-shape.ts'
import type { Workflow } from './workflow.ts'

/** Throws `invalid_input` (`workflow_input`), naming each field that is wrong. */
export function parseWorkflowInput(
  workflow: Pick<Workflow, 'name' | 'input'>,
  raw: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  try {
    return parseInput(workflow, raw)
  } catch (error) {
    const { issues, say } = asFault(error)
    throw fault('invalid_input', { reason: 'workflow_input', issues, say: `${workflow.name}: ${say}` })
  }
}

/** The text of a message is the question; the first data part holds the other fields. */
export function inputOfParts(parts: readonly TaskPart[]): Record<string, unknown> {
  const text = parts.flatMap(part => (part.text === undefined ? [] : [part.text])).join('\n\n')
  const data = parts.find(part => part.data !== undefined)?.data
  const fields = typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {}
  return { ...(text === '' ? {} : { question: text }), ...fields }
}
