// What money ought to do, in memory and as plainly as it can be said: budgets with their windows, holds, and what a call
// is answered. The property test compares the database with it after every step.

export const BUDGETS = [
  { scope: 'tenant', of: '', period: 'month', action: 'block' },
  { scope: 'tenant', of: '', period: 'lifetime', action: 'block' },
  { scope: 'user', of: '*', period: 'day', action: 'block' },
  { scope: 'user', of: 'ada', period: 'month', action: 'degrade' },
  { scope: 'key', of: '*', period: 'week', action: 'block' },
  { scope: 'model', of: '*', period: 'month', action: 'degrade' },
  { scope: 'model', of: 'm1', period: 'day', action: 'alert' },
  { scope: 'task', of: '*', period: 'lifetime', action: 'block' },
] as const

export type BudgetName = (typeof BUDGETS)[number]

export interface Buyer {
  readonly user: string
  readonly key: string | undefined
  readonly model: string
  readonly task: string | undefined
}

export interface ModelWindow {
  readonly budget: number
  readonly member: string
  readonly start: string
  spent: bigint
  held: bigint
  granted: bigint
}

export interface ModelHold {
  readonly stepKey: string
  readonly buyer: Buyer
  readonly windows: readonly ModelWindow[]
  readonly held: bigint
  state: 'held' | 'sent' | 'settled' | 'released'
  isExpired: boolean
  charged: bigint
}

export interface Refused {
  readonly budget: number
  readonly room: bigint
  readonly window: ModelWindow
}

export interface MoneyModel {
  now: Date
  readonly limits: (bigint | null)[]
  readonly windows: Map<string, ModelWindow>
  readonly holds: ModelHold[]
}

export function moneyModel(limits: readonly (bigint | null)[]): MoneyModel {
  return { now: new Date('2028-02-27T23:00:00Z'), limits: [...limits], windows: new Map(), holds: [] }
}

/** UTC: days, weeks from Monday, calendar months; a lifetime begins with time. */
export function startOf(period: BudgetName['period'], now: Date): string {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()]
  const start = {
    day: Date.UTC(year, month, day),
    week: Date.UTC(year, month, day - ((now.getUTCDay() + 6) % 7)),
    month: Date.UTC(year, month),
    lifetime: 0,
  }[period]
  return new Date(start).toISOString()
}

export function windowAt(model: MoneyModel, budget: number, member: string): ModelWindow {
  const start = startOf(named(budget).period, model.now)
  const key = `${budget}/${member}/${start}`
  const known = model.windows.get(key)
  if (known !== undefined) return known
  const opened = { budget, member, start, spent: 0n, held: 0n, granted: 0n }
  model.windows.set(key, opened)
  return opened
}

export function concerned(model: MoneyModel, buyer: Buyer): ModelWindow[] {
  return BUDGETS.flatMap(({ scope, of }, budget) => {
    const member = { tenant: '', user: buyer.user, key: buyer.key, model: buyer.model, task: buyer.task }[
      scope
    ]
    return member !== undefined && (of === '*' || of === member) ? [windowAt(model, budget, member)] : []
  })
}

/** Null: nothing is refused there. */
export function roomIn({ limits }: MoneyModel, window: ModelWindow): bigint | null {
  const limit = limits[window.budget] ?? null
  if (limit === null || named(window.budget).action === 'alert') return null
  return limit + window.granted - window.spent - window.held
}

/** What a call would be answered now: what it may hold, or all the budgets it does not fit into. */
export function decide(model: MoneyModel, buyer: Buyer, [least, most]: readonly [bigint, bigint]) {
  const windows = concerned(model, buyer)
  const rooms = windows.flatMap(window => {
    const room = roomIn(model, window)
    return room === null ? [] : [{ budget: window.budget, room, window }]
  })
  const needed = least > 1n ? least : 1n
  const refused: Refused[] = most === 0n ? [] : rooms.filter(({ room }) => room < needed)
  const held =
    most === 0n ? 0n : rooms.reduce((tightest, { room }) => (room < tightest ? room : tightest), most)
  return { windows, refused, held }
}

export function addHold(model: MoneyModel, hold: ModelHold): void {
  for (const window of hold.windows) window.held += hold.held
  model.holds.push(hold)
}

/** Null releases. One that is over stays as it is. */
export function endHold(hold: ModelHold, cost: bigint | null): void {
  if (hold.state === 'settled' || hold.state === 'released') return
  hold.state = cost === null ? 'released' : 'settled'
  hold.charged = cost === null ? 0n : cost < hold.held ? cost : hold.held
  for (const window of hold.windows) {
    window.held -= hold.held
    window.spent += hold.charged
  }
}

/** As the database would list them, without those that nothing has touched. */
export function picture(windows: Iterable<ModelWindow>): string[] {
  return [...windows]
    .filter(({ spent, held, granted }) => spent + held + granted > 0n)
    .map(({ budget, member, start, spent, held, granted }) =>
      [budget, member, start, `spent ${spent}`, `held ${held}`, `granted ${granted}`].join(' '),
    )
    .toSorted()
}

function named(budget: number): BudgetName {
  const found = BUDGETS[budget]
  if (found === undefined) throw new RangeError(`there is no budget ${budget}`)
  return found
}
