// Finds a workflow by the name a caller gave.
import { fault } from '../../../platform/faults.ts'
import type { Workflow } from './workflow.ts'

/** Where the caller names none. */
export const STANDARD_WORKFLOW = 'rag'

/** Throws `invalid_input` (`unknown_workflow`), naming those there are. */
export function workflowNamed(workflows: readonly Workflow[], name: string): Workflow {
  const found = workflows.find(workflow => workflow.name === name)
  if (found !== undefined) return found
  throw fault('invalid_input', {
    reason: 'unknown_workflow',
    say: `There is no workflow ${JSON.stringify(name.slice(0, 60))}; there is: ${workflows.map(one => one.name).join(', ')}.`,
  })
}
