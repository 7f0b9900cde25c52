// Plays steps on a database and on the model at once, and stops at the first difference. What happens one after the other
// must come out as the model says; of what happens at the same time the outcomes are taken as they come, and have to add up.
import {
  markSent,
  reserve,
  settle,
  type Hold,
  type Payer,
  type Reservation,
} from '../../src/gate/money/holds.ts'
import type { Database, OwnerDatabase } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { faultsInBooks, type AsAdmin } from './money-books.ts'
import {
  addHold,
  BUDGETS,
  decide,
  endHold,
  moneyModel,
  picture,
  windowAt,
  type ModelHold,
} from './money-model.ts'
import type { Step } from './money-steps.ts'

export interface Field {
  /** Several, so that calls come from several connections. */
  readonly databases: readonly Database[]
  readonly owner: OwnerDatabase
  readonly asAdmin: AsAdmin
}

type ReserveStep = Extract<Step, { kind: 'reserve' }>
type EndStep = Extract<Step, { hold: number }>

/** What money calls the time becomes the tenant's own, to be set. The database is no good for anything else afterwards. */
export async function settableClock(asAdmin: AsAdmin): Promise<void> {
  await asAdmin('create table app.money_clock (tenant_id uuid primary key, moment timestamptz not null)')
  await asAdmin('grant select on app.money_clock to gatehouse_owner, gatehouse_app')
  await asAdmin('alter function app.budget_period(text, timestamptz) rename to budget_period_at')
  await asAdmin(`
    create function app.budget_period(period text, moment timestamptz, out starts_at timestamptz, out ends_at timestamptz)
    language sql stable security definer as $$
      select * from app.budget_period_at(period,
        coalesce((select c.moment from app.money_clock c where c.tenant_id = app.tenant_id()), moment)) $$`)
  await asAdmin(
    'grant execute on function app.budget_period(text, timestamptz) to gatehouse_owner, gatehouse_app',
  )
  await asAdmin('grant execute on function app.budget_period_at(text, timestamptz) to gatehouse_owner')
}

/** Plays rounds for a new tenant. Throws at the first difference; returns how many operations it was. */
export async function play(
  field: Field,
  limits: readonly (bigint | null)[],
  rounds: readonly (readonly Step[])[],
): Promise<number> {
  const player = await openPlayer(field, limits)
  let operations = 0
  for (const round of rounds) {
    operations += await player.play(round)
    await player.compare()
  }
  await player.close()
  return operations
}

async function openPlayer(field: Field, limits: readonly (bigint | null)[]) {
  const { databases, owner, asAdmin } = field
  const model = moneyModel(limits)
  const { tenantId, budgetIds } = await newTenant(asAdmin, limits, model.now)
  const handles = new Map<ModelHold, { readonly payer: Payer; readonly hold: Hold }>()
  const operator = { tenantId, subject: 'operator:test', rights: ['grants'] as const }
  let turn = 0
  const database = (): Database => {
    turn += 1
    const next = databases[turn % databases.length]
    if (next === undefined) throw new Error('there is a database')
    return next
  }

  const ask = (step: ReserveStep, stepKey: string): Promise<Reservation> =>
    reserve(database(), requestFor(tenantId, step, stepKey))

  /** Enters what was answered into the model. */
  function note(step: ReserveStep, stepKey: string, answer: Reservation): void {
    if (answer.outcome !== 'held') return
    const buyer = { user: step.user, key: step.key, model: step.model, task: step.task }
    const { windows } = decide(model, buyer, [step.least, step.least + step.more])
    const held = answer.hold.nano
    const made: ModelHold = { stepKey, buyer, windows, held, state: 'held', isExpired: false, charged: 0n }
    addHold(model, made)
    handles.set(made, { payer: payerOf(tenantId, step), hold: answer.hold })
  }

  async function reserveAlone(step: ReserveStep): Promise<void> {
    const stepKey = uuidv7()
    const amounts = [step.least, step.least + step.more] as const
    const expected = decide(
      model,
      { user: step.user, key: step.key, model: step.model, task: step.task },
      amounts,
    )
    const answer = await ask(step, stepKey)
    if (expected.refused.length === 0) {
      same('held', answer.outcome)
      if (answer.outcome === 'held') same(expected.held, answer.hold.nano)
    } else refusedRightly(answer, expected.refused)
    note(step, stepKey, answer)
  }

  function refusedRightly(answer: Reservation, refused: ReturnType<typeof decide>['refused']): void {
    same('refused', answer.outcome)
    if (answer.outcome !== 'refused') return
    const { full } = answer
    const blocking = refused.filter(({ budget }) => BUDGETS[budget]?.action === 'block')
    const told = blocking.length > 0 ? blocking : refused
    const least = told.reduce((room, one) => (one.room < room ? one.room : room), told[0]?.room ?? 0n)
    const named = told.find(({ budget }) => budgetIds[budget] === full.budget_id)
    if (named === undefined) throw new Error(`refused for ${full.scope} ${full.member}, which has room`)
    same(least, full.limit_nano - full.spent_nano - full.other_holds_nano)
    same(named.window.spent, full.spent_nano)
    same(named.window.held, full.other_holds_nano)
  }

  /** Mostly one that is open. */
  function pick(number: number): ModelHold | undefined {
    const open = model.holds.filter(({ state }) => state === 'held' || state === 'sent')
    const of = number % 4 === 3 || open.length === 0 ? model.holds : open
    return of[of.length - 1 - (number % Math.max(1, of.length))]
  }

  async function expire(hold: ModelHold): Promise<void> {
    await asAdmin(
      `update app.hold set expires_at = now() - interval '1 second' where tenant_id = $1 and step_key = $2`,
      [tenantId, hold.stepKey],
    )
    hold.isExpired = true
  }

  /** But for its time being over, only with one that its process still knows. */
  async function onHold(step: EndStep, hold = pick(step.hold)): Promise<void> {
    if (step.kind === 'expire') return hold && expire(hold)
    const handle = hold === undefined ? undefined : handles.get(hold)
    if (hold === undefined || handle === undefined) return
    const open = hold.state === 'held' || hold.state === 'sent'
    if (step.kind === 'again') {
      const { user, ...buyer } = hold.buyer
      const words = { ...buyer, user, kind: 'reserve', least: 1n, more: 1n } as const
      const answer = await ask(words, hold.stepKey)
      same({ outcome: 'repeated', state: hold.state }, answer)
    } else if (step.kind === 'send') {
      same(open && !hold.isExpired, await markSent(database(), handle.payer, handle.hold))
      if (open && !hold.isExpired) hold.state = 'sent'
    } else if (step.kind === 'correct') await correct(hold, handle.hold.id, step.amount)
    else {
      const cost = step.kind === 'settle' ? step.cost : null
      endHold(hold, cost)
      const usage = cost === null ? {} : { input: Number(cost) }
      same(
        hold.state,
        await settle(database(), handle.payer, handle.hold, { usage, nano: cost, basis: 'provider' }),
      )
    }
  }

  async function correct(hold: ModelHold, holdId: string, amount: bigint): Promise<void> {
    const charge = sql`(select id from app.ledger where hold_id = ${holdId}::uuid and kind = 'charge')`
    const corrected = sql<{ done: boolean }>`
      select app.correct_charge(${uuidv7()}::uuid, ${charge}, ${amount}::bigint, ${'a test'}) as done`
    const isTooMuch = hold.state === 'settled' && hold.charged + amount < 0n
    const done = await database()
      .writeAs(operator, tx => tx.first(corrected))
      .then(
        row => row?.done,
        () => 'refused',
      )
    same(isTooMuch ? 'refused' : hold.state === 'settled', done)
    if (done !== true) return
    hold.charged += amount
    for (const window of hold.windows) window.spent += amount
  }

  async function alone(step: Step): Promise<void> {
    switch (step.kind) {
      case 'reserve':
        return reserveAlone(step)
      case 'crash':
        handles.clear()
        return
      case 'sweep': {
        const late = pick(step.hold)
        if (late !== undefined && step.hold % 3 !== 0) await expire(late)
        await owner.maintain(tenantId, tx => tx.first(sql`select app.end_expired_holds()`))
        for (const hold of model.holds)
          if (hold.isExpired) endHold(hold, hold.state === 'sent' ? hold.held : null)
        return
      }
      case 'wait':
        model.now = new Date(model.now.getTime() + step.hours * 3_600_000)
        await asAdmin('update app.money_clock set moment = $2 where tenant_id = $1', [tenantId, model.now])
        return
      case 'limit': {
        const changed = sql`update app.budget set limit_nano = ${step.limit}::bigint where id = ${budgetIds[step.budget]}`
        same(1, await database().writeAs(operator, tx => tx.run(changed)))
        model.limits[step.budget] = step.limit
        return
      }
      case 'grant':
        return grant(step.budget, step.amount)
      default:
        return onHold(step)
    }
  }

  async function grant(budget: number, amount: bigint): Promise<void> {
    const { scope, of } = BUDGETS[budget] ?? BUDGETS[0]
    const member = of === '*' ? { tenant: '', user: 'bob', key: 'k1', model: 'm2', task: 't1' }[scope] : of
    const window = windowAt(model, budget, member)
    window.granted += amount
    const granted = sql<{ nano: bigint }>`
      select app.grant_budget(${budgetIds[budget]}, ${member}, ${amount}::bigint) as nano`
    same(window.granted, (await database().writeAs(operator, tx => tx.first(granted)))?.nano)
  }

  /** Reserving, sending and ending at the same time; the first reservation is asked for twice under one key. */
  async function together(steps: readonly Step[]): Promise<void> {
    const calls = steps.filter(step => step.kind === 'reserve').map(step => ({ step, stepKey: uuidv7() }))
    // Each hold by one of them: of two the order would be unknown.
    const ends = new Map<ModelHold, EndStep>()
    for (const step of steps) {
      const isEnd = step.kind === 'settle' || step.kind === 'release' || step.kind === 'send'
      const hold = isEnd ? pick(step.hold) : undefined
      if (isEnd && hold !== undefined) ends.set(hold, step)
    }
    const asked = [...calls.slice(0, 1), ...calls]
    const [answers] = await Promise.all([
      Promise.all(asked.map(({ step, stepKey }) => ask(step, stepKey))),
      Promise.all([...ends].map(([hold, step]) => onHold(step, hold))),
    ])
    const seen = new Set<string>()
    for (const [index, { step, stepKey }] of asked.entries()) {
      const answer = answers[index]
      if (answer?.outcome !== 'held') continue
      if (seen.has(stepKey)) throw new Error('one step was admitted twice')
      seen.add(stepKey)
      const { nano } = answer.hold
      if (nano < step.least || nano > step.least + step.more) throw new Error(`held ${nano} of ${step.least}`)
      note(step, stepKey, answer)
    }
  }

  return {
    async play(steps: readonly Step[]): Promise<number> {
      const before = overdrafts()
      if (steps.length === 1 && steps[0] !== undefined) await alone(steps[0])
      else await together(steps)
      const mayOverdraw = steps.length === 1 && (steps[0]?.kind === 'limit' || steps[0]?.kind === 'correct')
      for (const [window, excess] of overdrafts())
        if (!mayOverdraw && excess > (before.get(window) ?? 0n))
          throw new Error(`${window} is ${excess} nano beyond its limit`)
      return steps.length
    },
    async compare(): Promise<void> {
      const rows = await database().readAs({ tenantId, subject: 'ada' }, tx => tx.all(windowRows))
      const found = rows.map(({ budget_id, starts_at, ...amounts }) => ({
        budget: budgetIds.indexOf(budget_id),
        start: starts_at.toISOString(),
        ...amounts,
      }))
      same(picture(model.windows.values()), picture(found))
    },
    async close(): Promise<void> {
      same([], await faultsInBooks(asAdmin, tenantId, false))
    },
  }

  function overdrafts(): Map<string, bigint> {
    return new Map(
      [...model.windows].flatMap(([key, { budget, spent, held, granted }]) => {
        const limit = model.limits[budget] ?? null
        if (limit === null || BUDGETS[budget]?.action === 'alert') return []
        const excess = spent + held - limit - granted
        return excess > 0n ? [[key, excess] as const] : []
      }),
    )
  }
}

interface WindowRow {
  readonly budget_id: string
  readonly member: string
  readonly starts_at: Date
  readonly spent: bigint
  readonly held: bigint
  readonly granted: bigint
}

const windowRows = sql<WindowRow>`
  select budget_id, member, starts_at, spent_nano as spent, held_nano as held, granted_nano as granted
  from app.budget_window`

function payerOf(tenantId: string, { user, key, task }: ReserveStep): Payer {
  return { tenantId, subject: user, keyId: key, operation: 'buy', task }
}

function requestFor(tenantId: string, step: ReserveStep, stepKey: string) {
  return {
    payer: payerOf(tenantId, step),
    stepKey,
    step: 'step',
    model: step.model,
    perMillion: { input: 1_000_000n },
    priceVersion: 'test:1',
    atLeast: step.least,
    atMost: step.least + step.more,
    lifetimeMs: 3_600_000,
  }
}

async function newTenant(asAdmin: AsAdmin, limits: readonly (bigint | null)[], now: Date) {
  const tenantId = uuidv7()
  await asAdmin(
    `with made as (insert into app.tenant (id, slug, name, status) values ($1, $2, $2, 'active'))
     insert into app.money_clock values ($1, $3)`,
    [tenantId, `m-${tenantId}`, now],
  )
  const budgetIds = BUDGETS.map(() => uuidv7())
  const columns = BUDGETS.map(({ scope, of, period, action }, budget) => ({
    id: budgetIds[budget],
    scope,
    member: of,
    period,
    action,
    limit_nano: limits[budget]?.toString() ?? null,
  }))
  await asAdmin(
    `insert into app.budget (tenant_id, id, scope, member, period, action, limit_nano, changed_by)
     select $1, id, scope, member, period, action, limit_nano, 'operator:test'
     from jsonb_to_recordset($2::jsonb)
       as b(id uuid, scope text, member text, period text, action text, limit_nano bigint)`,
    [tenantId, JSON.stringify(columns)],
  )
  return { tenantId, budgetIds }
}

function same(expected: unknown, found: unknown): void {
  const [one, other] = [written(expected), written(found)]
  if (one !== other) throw new Error(`the model says ${one}, the database ${other}`)
}

function written(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ??
    'undefined'
  )
}
