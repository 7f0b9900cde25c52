// Whether a tenant grows slower by having more neighbours: the same tenant is asked the same questions while 100, then
// 1,000 tenants of 100 chunks each stand beside it.
import { openGrownGround } from '../ground/grown-ground.ts'
import type { SearchGround } from '../ground/search-ground.ts'
import type { Lines } from '../report/lines.ts'
import { closedLoop, figuresOf } from './loops.ts'
import { measuredTenants, questionsOf, sizeOf, type Question, type Tenant } from './questions.ts'
import { searchOnce } from './search-once.ts'

export const GROWTH = 'Growth'

export interface GrowthPlan {
  readonly neighbours: readonly number[]
  readonly dimension: number
  readonly chunks: number
  readonly seconds: number
  readonly rounds: number
  readonly fresh: boolean
  tell(line: string): void
}

export async function measureGrowth(
  { neighbours, seconds, rounds, ...options }: GrowthPlan,
  lines: Lines,
): Promise<void> {
  for (const count of neighbours) {
    const ground = await openGrownGround({ ...options, neighbours: count })
    try {
      for (let round = 0; round < rounds; round++)
        for (const tenant of measuredTenants(ground).slice(1))
          await askOne(ground, tenant, { count, seconds }, lines)
    } finally {
      await ground.database.close()
    }
  }
}

async function askOne(
  ground: SearchGround,
  tenant: Tenant,
  { count, seconds }: { readonly count: number; readonly seconds: number },
  lines: Lines,
): Promise<void> {
  const questions = questionsOf(ground, tenant, 500)
  const database = ground.database.openApp(2)
  const call = (at: number): Promise<unknown> =>
    searchOnce(database, ground, tenant, questions[at % questions.length] as Question)
  try {
    await closedLoop({ callers: 2, seconds: 1 }, call)
    const cells = {
      tenant: sizeOf(tenant),
      'tenants beside it': String(ground.tenants.length - 1 + count),
      connections: '2',
    }
    lines.add(GROWTH, cells, figuresOf(await closedLoop({ callers: 2, seconds }, call)))
  } finally {
    await database.close()
  }
}
