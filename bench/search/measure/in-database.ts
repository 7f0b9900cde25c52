// The search in the database alone: the product's own statements, as the application role, under row-level security and
// a seal, BEGIN to COMMIT in one exchange. No gate, no HTTP, no model.
import type { Database } from '../../../src/platform/db/database.ts'
import type { SearchGround } from '../ground/search-ground.ts'
import type { Lines } from '../report/lines.ts'
import { closedLoop, figuresOf, openLoop, type Call } from './loops.ts'
import { measuredTenants, questionsOf, sizeOf, type Question, type Tenant } from './questions.ts'
import { searchOnce } from './search-once.ts'

export const CLOSED = 'In the database, closed loop'
export const FIXED = 'In the database, fixed rates'

export interface Plan {
  readonly connections: readonly number[]
  readonly rates: readonly number[]
  /** Of each measurement. */
  readonly seconds: number
}

export async function searchInDatabase(
  ground: SearchGround,
  { connections, rates, seconds }: Plan,
  lines: Lines,
): Promise<void> {
  for (const tenant of measuredTenants(ground)) {
    const questions = questionsOf(ground, tenant, 500)
    const size = sizeOf(tenant)
    let peak = 0
    for (const callers of connections) {
      await withPool(ground, callers, async database => {
        const call = callOn(ground, database, tenant, questions)
        await closedLoop({ callers, seconds: 1, calls: callers * 20 }, call)
        const figures = figuresOf(await closedLoop({ callers, seconds }, call))
        peak = Math.max(peak, figures['q/s'] ?? 0)
        lines.add(CLOSED, { tenant: size, connections: String(callers) }, figures)
      })
    }
    await withPool(ground, POOL, async database => {
      const call = callOn(ground, database, tenant, questions)
      await closedLoop({ callers: POOL, seconds: 1, calls: POOL * 20 }, call)
      // Beyond what gets through, the queue only grows: there is no latency to speak of.
      for (const rate of rates.filter(one => one <= peak * 0.9))
        lines.add(
          FIXED,
          { tenant: size, 'searches a second': String(rate) },
          latencyOf(figuresOf(await openLoop({ rate, seconds: seconds * 1.5 }, call))),
        )
    })
  }
}

/** As the server's own pool is by default. */
const POOL = 8

function callOn(
  ground: SearchGround,
  database: Database,
  tenant: Tenant,
  questions: readonly Question[],
): Call {
  return at => searchOnce(database, ground, tenant, questions[at % questions.length] as Question)
}

function latencyOf(figures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).filter(([name]) => name !== 'q/s'))
}

async function withPool(
  ground: SearchGround,
  connections: number,
  fn: (database: Database) => Promise<void>,
): Promise<void> {
  const database = ground.database.openApp(connections)
  try {
    await fn(database)
  } finally {
    await database.close()
  }
}
