// Which queues have something to do, in one question: asked each second, it is what an idle server does most.
import type { Db } from 'pg-boss'

/** Of the queues, those with a job that may be claimed now: sent, put off until now, or given back. */
export async function dueQueues(db: Db, names: readonly string[]): Promise<string[]> {
  const { rows } = await db.executeSql(
    `select queue.name from unnest($1::text[]) as queue (name)
      where exists (select from pgboss.job_common job
        where job.name = queue.name and job.state < 'active' and not job.blocked and job.start_after <= pgboss.job_now())`,
    [names],
  )
  return rows.map(({ name }) => String(name))
}
