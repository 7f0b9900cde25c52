// The workflows of this server as its card names them.
import { z } from 'zod'
import type { Workflow } from '../../../features/agents/workflows/workflow.ts'
import type { CardWorkflow } from './card-content.ts'

type Described = Pick<Workflow, 'name' | 'title' | 'description' | 'tags' | 'examples' | 'input'>

export function cardWorkflows(workflows: readonly Described[]): CardWorkflow[] {
  return workflows.map(({ name, title, description, tags, examples, input }) => {
    const inputSchema = z.toJSONSchema(input, { io: 'input', target: 'draft-2020-12' })
    return { name, title, description, tags, examples, inputSchema: { ...inputSchema } }
  })
}
