// The list of all workflows: a new one is one file, and a line here.
import type { RagDeps } from './rag-steps.ts'
import { rag } from './rag.ts'
import type { Workflow } from './workflow.ts'

export type WorkflowDeps = RagDeps

export function workflows(deps: WorkflowDeps): readonly Workflow[] {
  return [rag(deps)]
}
