// get_task_cost: what each step of a task of the caller has asked of models, and what that cost. Whoever may see the task
// may see this; what others spend is in get_cost_report.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import { unknownTask } from './rows/task-rows.ts'
import { TaskId } from './task-shape.ts'

const Nano = z.string().regex(/^-?\d+$/)
const sums = {
  requests: z.int().describe('Calls to providers.'),
  units_in: z.int().describe('Tokens that went in, cached ones and embeddings included.'),
  units_out: z.int().describe('Tokens that came out.'),
  cost_nano: Nano.describe('Nano-USD, exact; corrections are in it.'),
}

/** Of a task that has cost nothing there is one row, without a step. */
interface StepRow {
  readonly step: string | null
  readonly model: string | null
  readonly operation: string | null
  readonly requests: number
  readonly units_in: string
  readonly units_out: string
  readonly cost_nano: string
  readonly first_at: Date | null
  readonly last_at: Date | null
  readonly held_nano: string
}
type CostRow = StepRow & { readonly [Key in 'step' | 'model' | 'operation']: string } & {
  readonly [Key in 'first_at' | 'last_at']: Date
}

const stepRows = sqlFile<{ tenant_id: string; subject: string; task_id: string }, StepRow>(
  import.meta.url,
  'task-cost.sql',
)

export const getTaskCost = defineOperation({
  name: 'get_task_cost',
  title: 'Show what a task has cost',
  description:
    'Shows what each step of a task of yours has asked of which model: requests, tokens in and out, and cost.',
  realm: 'tenant',
  access: 'read',
  tool: false,
  scope: 'tasks:read',
  uncounted: true,
  input: z.strictObject({ task_id: TaskId }),
  output: z.strictObject({
    task_id: z.string(),
    steps: z
      .array(
        z.strictObject({
          step: z.string(),
          model: z.string(),
          operation: z.string(),
          ...sums,
          first_at: z.string(),
          last_at: z.string(),
        }),
      )
      .describe('One for each step and model, in the order in which they first cost something.'),
    total: z.strictObject(sums),
    held_nano: Nano.describe('Reserved by calls of the task that are under way.'),
  }),
  async run({ task_id }, call) {
    call.about(`task:${task_id}`)
    const { tenantId: tenant_id, subject } = call.principal
    const id = task_id.toLowerCase()
    const [rows] = await call.readBatch([stepRows({ tenant_id, subject, task_id: id })])
    const [first] = rows
    if (first === undefined) throw unknownTask()
    const steps = rows.filter(isCost).map(shown)
    return {
      task_id: id,
      steps,
      total: {
        requests: steps.reduce((sum, step) => sum + step.requests, 0),
        units_in: steps.reduce((sum, step) => sum + step.units_in, 0),
        units_out: steps.reduce((sum, step) => sum + step.units_out, 0),
        cost_nano: String(steps.reduce((sum, step) => sum + BigInt(step.cost_nano), 0n)),
      },
      held_nano: first.held_nano,
    }
  },
})

function isCost(row: StepRow): row is CostRow {
  return row.step !== null
}

function shown({
  step,
  model,
  operation,
  requests,
  units_in,
  units_out,
  cost_nano,
  first_at,
  last_at,
}: CostRow) {
  return {
    step,
    model,
    operation,
    requests,
    units_in: Number(units_in),
    units_out: Number(units_out),
    cost_nano,
    first_at: first_at.toISOString(),
    last_at: last_at.toISOString(),
  }
}
