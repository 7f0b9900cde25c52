// list_workflows: what agents can be asked to do here.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { graphOf } from '../workflows/graph.ts'
import type { Workflow } from '../workflows/workflow.ts'

const Described = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  examples: z.array(z.string()),
  input_schema: z.record(z.string(), z.unknown()).describe('What it takes, as JSON Schema.'),
  steps: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      after: z.array(z.string()).describe('The steps whose results it needs.'),
      replay: z
        .enum(['safe', 'keyed', 'ask'])
        .describe(
          'What becomes of it when it was interrupted: done again, done again under the same key, or asked.',
        ),
    }),
  ),
  graph: z.string().describe('The steps as a Mermaid flowchart.'),
})

export function listWorkflows({ workflows }: { readonly workflows: readonly Workflow[] }) {
  const described = workflows.map(describe)
  return defineOperation({
    name: 'list_workflows',
    title: 'List workflows',
    description: 'Lists the workflows that start_task can start: what each is for, takes and does.',
    realm: 'tenant',
    access: 'read',
    scope: 'tasks:read',
    tool: false,
    uncounted: true,
    input: z.strictObject({}),
    output: z.strictObject({ workflows: z.array(Described) }),
    run: async () => ({ workflows: described }),
  })
}

function describe(workflow: Workflow): z.output<typeof Described> {
  const { name, title, description, tags, examples, input, steps } = workflow
  const schema = z.toJSONSchema(input, { io: 'input', target: 'draft-2020-12' })
  delete schema.$schema
  return {
    name,
    title,
    description,
    tags: [...tags],
    examples: [...examples],
    input_schema: JSON.parse(JSON.stringify(schema)) as Record<string, unknown>,
    steps: steps.map(step => ({ ...step, after: [...step.after] })),
    graph: graphOf({ steps }),
  }
}
