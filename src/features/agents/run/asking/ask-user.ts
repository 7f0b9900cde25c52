// A task and its user: questions, which it waits to have answered, and messages that came while it worked.
import type { Writer } from '../../../../platform/db/database.ts'
import { sql } from '../../../../platform/db/statements.ts'
import type { RunKey } from '../../../../platform/journal/journal.ts'
import { uuidv7 } from '../../../../platform/uuid-v7.ts'
import { addMessage } from '../../tasks/accept/add-message.ts'
import { moveTask } from '../../tasks/rows/move-task.ts'
import type { TaskPart } from '../../tasks/task-shape.ts'
import type { RunningTask } from '../run-deps.ts'
import { Waiting } from './waiting.ts'

/** The answer, when there is one; else the question is put, and the run ends (`Waiting`) until the user speaks. */
export async function askUser(
  { run, signal }: Pick<RunningTask, 'run' | 'signal'>,
  name: string,
  question: string,
): Promise<readonly TaskPart[]> {
  signal.throwIfAborted()
  const before = run.mayBeDone(name) ? await run.done<readonly TaskPart[]>(name) : undefined
  if (before !== undefined) return before.output
  const answer = await run.write(async tx => {
    const asked = await questionOf(tx, run.key, name)
    const [reply] = asked === undefined ? [] : await untaken(tx, run.key, asked)
    if (reply !== undefined) {
      await take(tx, run.key, [reply.ordinal], name)
      return run.record<readonly TaskPart[]>(tx, name, reply.parts)
    }
    if (asked === undefined)
      await addMessage(tx, run.key, {
        messageId: uuidv7(),
        role: 'agent',
        parts: [{ text: question }],
        metadata: { question: name },
        takenBy: 'question',
      })
    await moveTask(tx, run.key, {
      move: 'wait',
      waitingFor: 'answer',
      reason: 'input_required',
      say: question,
    })
    return undefined
  })
  if (answer === undefined) throw new Waiting()
  return answer
}

/** What the user has said since the last time, each message once. */
export async function takeMessages(
  { run, signal }: Pick<RunningTask, 'run' | 'signal'>,
  name: string,
): Promise<readonly (readonly TaskPart[])[]> {
  signal.throwIfAborted()
  const before = run.mayBeDone(name) ? await run.done<readonly (readonly TaskPart[])[]>(name) : undefined
  if (before !== undefined) return before.output
  return run.write(async tx => {
    const messages = await untaken(tx, run.key, 0)
    await take(
      tx,
      run.key,
      messages.map(({ ordinal }) => ordinal),
      name,
    )
    return run.record(
      tx,
      name,
      messages.map(({ parts }) => parts),
    )
  })
}

/** The place of the question in the history. */
async function questionOf(tx: Writer, key: RunKey, name: string): Promise<number | undefined> {
  const found = await tx.first(sql<{ ordinal: number }>`
    select ordinal from app.task_message
    where tenant_id = ${key.tenantId} and task_id = ${key.streamId} and role = 'agent' and metadata ->> 'question' = ${name}
    order by ordinal desc limit 1`)
  return found?.ordinal
}

function untaken(tx: Writer, key: RunKey, after: number) {
  return tx.all(sql<{ ordinal: number; parts: TaskPart[] }>`
    select ordinal, parts from app.task_message
    where tenant_id = ${key.tenantId} and task_id = ${key.streamId} and role = 'user' and taken_by is null
      and ordinal > ${after}
    order by ordinal`)
}

async function take(tx: Writer, key: RunKey, ordinals: readonly number[], name: string): Promise<void> {
  await tx.run(sql`
    update app.task_message set taken_by = ${name}
    where tenant_id = ${key.tenantId} and task_id = ${key.streamId} and ordinal = any(${[...ordinals]}::int[])`)
}
