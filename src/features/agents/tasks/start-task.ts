// start_task: begins a workflow as a task, which goes on by itself whatever becomes of its caller.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { currentTraceparent } from '../../../platform/telemetry/trace-parent.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { parseWorkflowInput } from '../workflows/workflow-input.ts'
import { STANDARD_WORKFLOW, workflowNamed } from '../workflows/workflow-named.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { acceptTask, keysOf } from './accept/accept-task.ts'
import { requireMoney, type MoneyCheck } from './accept/require-money.ts'
import { readTask } from './rows/task-rows.ts'
import { Key, Label, Task } from './task-shape.ts'

export interface StartTaskDeps extends MoneyCheck {
  readonly workflows: readonly Workflow[]
}

const input = z.strictObject({
  workflow: z
    .string()
    .max(100)
    .default(STANDARD_WORKFLOW)
    .describe('Which one. An unknown one is refused with the names there are.'),
  question: z.string().min(1).max(4_000).optional().describe('Short for input.question.'),
  input: z
    .record(z.string(), z.json())
    .optional()
    .describe('What the workflow takes besides the question, for rag e.g. {"require_verified": true}.'),
  label: Label.optional(),
  context_id: z.guid('must be a UUID').optional().describe('Of an earlier task that this one belongs with.'),
  idempotency_key: Key.optional().describe('Sent again with it, it is the same task.'),
  time_limit_seconds: z.int().min(1).max(21_600).optional().describe('1,800 when left out.'),
})

export function startTask(deps: StartTaskDeps) {
  return defineOperation({
    name: 'start_task',
    title: 'Start a task',
    description:
      'Starts a workflow (rag: search, rank, answer from your documents, check the citations) that runs in the background ' +
      'and survives disconnects. Answers at once with its task_id: ask get_task until its state is completed.',
    realm: 'tenant',
    access: 'write',
    scope: 'tasks:write',
    input,
    output: z.strictObject({ task: Task }),
    async run(asked, call) {
      const workflow = workflowNamed(deps.workflows, asked.workflow)
      const { question, label } = asked
      const raw = { ...asked.input, ...(question === undefined ? {} : { question }) }
      const parsed = parseWorkflowInput(workflow, raw)
      const keys = keysOf(workflow.name, undefined, asked.idempotency_key)
      await requireMoney(deps, call, { input: parsed, keys })
      const task = await call.write(async tx => {
        const { taskId } = await acceptTask(tx, call, {
          workflow: workflow.name,
          input: parsed,
          message: { messageId: uuidv7(), parts: partsOf(raw) },
          contextId: asked.context_id,
          label,
          keys,
          timeLimitSeconds: asked.time_limit_seconds,
          traceparent: currentTraceparent(),
        })
        call.about(`task:${taskId}`)
        return readTask(tx, call.principal, taskId, { history: 0, artifacts: false })
      })
      return { task }
    },
  })
}

function partsOf({ question, ...data }: Readonly<Record<string, unknown>>) {
  return [
    ...(typeof question === 'string' ? [{ text: question }] : []),
    ...(Object.keys(data).length > 0 ? [{ data: data as Record<string, z.core.util.JSONType> }] : []),
  ]
}
