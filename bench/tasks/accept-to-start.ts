// How long a task waits for its start: by the database's clock, and as its client sees it.
import type { AsAdmin } from '../../tests/harness/money-books.ts'
import type { A2aClient } from './a2a-client.ts'

export interface Starts {
  /** From the event `submitted` to the event `working` of the same task, in ms. */
  readonly inDatabase: readonly number[]
  /** From the arrival of the accepted task to that of `working`, in ms. */
  readonly atClient: readonly number[]
}

/** So many tasks of the workflow, one after the other. */
export async function acceptToStart(
  client: A2aClient,
  asAdmin: AsAdmin,
  { workflow, tasks }: { readonly workflow: string; readonly tasks: number },
): Promise<Starts> {
  const ids: string[] = []
  const atClient: number[] = []
  for (let turn = 0; turn < tasks; turn++) {
    let accepted: number | undefined
    let working: number | undefined
    await client.sendAndFollow({ workflow, text: `Task ${turn}` }, ({ taskId, state, arrived }) => {
      if (accepted === undefined && taskId !== undefined) ids.push(taskId)
      accepted ??= arrived
      if (state === 'TASK_STATE_WORKING') working ??= arrived
    })
    if (accepted === undefined || working === undefined) throw new Error('a task did not begin')
    atClient.push(working - accepted)
  }
  const rows = await asAdmin(
    `select extract(epoch from w.at - s.at) * 1000 as ms
     from app.journal_event s
     join lateral (select min(at) as at from app.journal_event e
       where e.tenant_id = s.tenant_id and e.stream_id = s.stream_id and e.data ->> 'state' = 'working') w on true
     where s.sequence = 1 and s.stream_id = any($1::uuid[])`,
    [ids],
  )
  const inDatabase = rows.map(({ ms }) => Number(ms))
  if (inDatabase.length !== tasks) throw new Error(`${inDatabase.length} of ${tasks} tasks began`)
  return { inDatabase, atClient }
}
