// Tasks that have to wait for something: for a provider that is away, and for money. They hold nothing meanwhile, and go
// on by themselves when it is there again.
import { outcomeOf, type KnownTask } from '../harness/task-books.ts'
import { eventually, type Fleet } from '../harness/task-fleet.ts'
import { allEnd, atLeast, reaches, send, taskName } from '../harness/task-play.ts'
import { PRICED } from '../harness/task-workflows.ts'
import { countsOf, problemsOf, spreadOf, type ProofLine } from './tasks-thresholds.ts'

/** Away long enough for each task to be put off twice. */
export async function providerAway(fleet: Fleet, tenantId: string, seed: number): Promise<ProofLine> {
  const { effects, ground } = fleet
  await atLeast(fleet, 1)
  effects.setDown(true)
  const tasks: KnownTask[] = []
  for (let at = 0; at < 10; at++) tasks.push(await send(fleet, { tenantId }, taskName('provider')))
  await eventually('each was put off twice', async () => {
    const [row] = await ground.asAdmin(
      `select min(put_off)::int as least, max(attempt)::int as most from app.task where id = any($1::uuid[])`,
      [tasks.map(({ id }) => id)],
    )
    return Number(row?.['least']) >= 2
  })
  const back = Date.now()
  effects.setDown(false)
  await allEnd(fleet, tasks)
  const outcome = await outcomeOf(ground.asAdmin, effects, tasks, {
    state: 'completed',
    isWhole: true,
    // The effect of the first step was asked for in vain each time it was put off.
    mostCalls: (_, step) => (step === '1' ? 5 : 1),
  })
  const next = tasks.flatMap(({ name }) => {
    const first = effects.seen.find(({ task, when }) => task === name && when >= back)
    return first === undefined ? [] : [first.when - back]
  })
  const recovery = spreadOf(next)
  return {
    fault: 'provider away',
    seed,
    ...countsOf(outcome),
    ...(recovery === undefined ? {} : { recovery_ms: recovery }),
    problems: problemsOf(outcome),
  }
}

/** There is money for two of three steps; then there is more. */
export async function outOfMoney(fleet: Fleet, tenantId: string, seed: number): Promise<ProofLine> {
  const { effects, ground } = fleet
  await atLeast(fleet, 1)
  const who = { tenantId, subject: `payer-${seed}` }
  const limit = async (nano: string): Promise<void> => {
    const name = { scope: 'user', member: who.subject, period: 'month' }
    await fleet.ask({ tenantId, subject: 'owner' }, 'set_budget', {
      ...name,
      limit_nano: nano,
      action: 'block',
    })
  }
  await fleet.front.operate('set_price', { model: PRICED, per_million_nano: { input: '1000000' } })
  await limit('250')
  const task = await send(fleet, who, taskName('money'), 'spends')
  await reaches(fleet, task, 'input_required')
  const [waiting] = await ground.asAdmin(
    `select t.reason, t.deadline_at, t.left_ms, t.attempt,
       (select count(*)::int from pgboss.job j where j.name = 'run_task' and j.data ->> 'taskId' = t.id::text and j.state in ('created', 'retry')) as jobs,
       (select count(*)::int from app.hold h where h.tenant_id = t.tenant_id and h.state in ('held', 'sent')) as holds
     from app.task t where t.id = $1`,
    [task.id],
  )
  const before = await ground.asAdmin('select left_ms from app.task where id = $1', [task.id])
  const raised = Date.now()
  await limit('1000')
  await allEnd(fleet, [task])
  const went = effects.seen.find(({ task: name, at }) => name === task.name && at === 'effect 3')
  const [paid] = await ground.asAdmin(
    `select coalesce(sum(cost_nano), 0)::text as nano, count(*)::int as rows from app.ledger where task = $1`,
    [task.id],
  )
  const outcome = await outcomeOf(ground.asAdmin, effects, [task], { state: 'completed' })
  const isStill =
    waiting?.['deadline_at'] === null &&
    waiting['reason'] === 'budget_exceeded' &&
    Number(waiting['left_ms']) > 0
  const isFree = waiting?.['jobs'] === 0 && waiting['holds'] === 0
  const counts = countsOf(outcome)
  return {
    fault: 'out of money',
    seed,
    ...counts,
    // Three steps, each paid once.
    duplicated: counts.duplicated + (paid?.['nano'] === '300' ? 0 : 1),
    lost: counts.lost + (isStill && isFree && before.length === 1 ? 0 : 1),
    recovery_ms: spreadOf([(went?.when ?? Number.POSITIVE_INFINITY) - raised]) ?? { p50: 0, max: 0 },
    paid_nano: paid?.['nano'],
    waited: JSON.stringify(waiting, (_, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    ),
    problems: problemsOf(outcome),
  }
}
