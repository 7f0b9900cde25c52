// send_message: what an agent or a person says: a first message starts a task, a further one answers it or waits until it
// is taken.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import type { WriteCall } from '../../../gate/call.ts'
import { currentTraceparent } from '../../../platform/telemetry/trace-parent.ts'
import { inputOfParts, parseWorkflowInput } from '../workflows/workflow-input.ts'
import { STANDARD_WORKFLOW, workflowNamed } from '../workflows/workflow-named.ts'
import { acceptMessage } from './accept/accept-message.ts'
import { acceptTask, keysOf } from './accept/accept-task.ts'
import { requireMoney } from './accept/require-money.ts'
import { readTask } from './rows/task-rows.ts'
import type { StartTaskDeps } from './start-task.ts'
import { Key, Label, Task, TaskId, TaskPart } from './task-shape.ts'

const Sent = TaskPart.extend({
  text: z.string().max(200_000).optional(),
  media_type: z.string().max(200).optional(),
  filename: z.string().max(300).optional(),
}).refine(({ text, data }) => (text === undefined) !== (data === undefined), 'must have one of text and data')

const input = z.strictObject({
  message: z.strictObject({
    message_id: Key,
    context_id: z.guid('must be a UUID').optional(),
    task_id: TaskId.optional().describe('The task it is for; absent, it starts one.'),
    parts: z.array(Sent).min(1).max(64),
    metadata: z.record(z.string(), z.json()).optional(),
    reference_task_ids: z
      .array(TaskId)
      .max(20)
      .optional()
      .describe('Other tasks of yours that it speaks of.'),
  }),
  workflow: z.string().max(100).optional(),
  label: Label.optional(),
  idempotency_key: Key.optional(),
})

export function sendMessage(deps: StartTaskDeps) {
  return defineOperation({
    name: 'send_message',
    title: 'Send a message to an agent',
    description:
      'Starts a task with its first message, or adds a message to one: what it waits for lets it go on, otherwise its next step takes it.',
    realm: 'tenant',
    access: 'write',
    scope: 'tasks:write',
    tool: false,
    input,
    output: z.strictObject({
      task: Task,
      is_new: z.boolean().describe('False when the same message had been sent before.'),
    }),
    async run(sent, call) {
      const accept =
        sent.message.task_id === undefined ? await starting(deps, sent, call) : following(sent, call)
      return call.write(async tx => {
        const { taskId, isNew } = await accept(tx)
        call.about(`task:${taskId}`)
        const task = await readTask(tx, call.principal, taskId, { history: null, artifacts: true })
        return { task, is_new: isNew }
      })
    },
  })
}

type Sending = z.output<typeof input>
type Accept = (tx: Parameters<typeof acceptTask>[0]) => ReturnType<typeof acceptTask>

async function starting(
  deps: StartTaskDeps,
  { message, workflow: name = STANDARD_WORKFLOW, label, idempotency_key }: Sending,
  call: WriteCall,
): Promise<Accept> {
  const workflow = workflowNamed(deps.workflows, name)
  const parsed = parseWorkflowInput(workflow, inputOfParts(message.parts))
  const keys = keysOf(workflow.name, message.message_id, idempotency_key)
  await requireMoney(deps, call, { input: parsed, keys })
  return tx =>
    acceptTask(tx, call, {
      workflow: workflow.name,
      input: parsed,
      message: { messageId: message.message_id, parts: message.parts, metadata: message.metadata },
      contextId: message.context_id,
      referenceTaskIds: message.reference_task_ids,
      label,
      keys,
      traceparent: currentTraceparent(),
    })
}

function following({ message, idempotency_key }: Sending, { principal }: WriteCall): Accept {
  return tx =>
    acceptMessage(tx, principal, {
      taskId: String(message.task_id),
      message: { messageId: message.message_id, parts: message.parts, metadata: message.metadata },
      contextId: message.context_id,
      idempotencyKey: idempotency_key,
    })
}
