// The article's two searches as it prints them, on its own table with the same rows, as a role that row-level security
// binds: BEGIN, the tenant's setting, the query, COMMIT. Nothing is repaired; what they miss stands beside the times.
import { vectorText } from '../../../src/platform/models/embedder.ts'
import type { Engine, WireRow } from '../../../src/platform/db/engine/engine.ts'
import { siblingText } from '../../../src/platform/sibling-file.ts'
import type { SearchGround } from '../ground/search-ground.ts'
import type { Lines } from '../report/lines.ts'
import { closedLoop, figuresOf } from './loops.ts'
import { measuredTenants, questionsOf, sizeOf, type Question } from './questions.ts'

export const ARTICLE = "The article's SQL, closed loop"

/** The casts say of which types the parameters are; a Go driver would. */
const typed = (name: string): string =>
  siblingText(import.meta.url, name)
    .replaceAll('$2', '$2::vector')
    .replaceAll('$3', '$3::float8')
    .replaceAll('$4', '$4::float8')
    .replaceAll('$5', '$5::int')

export const SEARCHES = { RRF: typed('./rrf.sql'), 'weighted sum': typed('./weighted-sum.sql') } as const

export interface ArticlePlan {
  readonly connections: readonly number[]
  /** Of each measurement; one question at least is answered by each connection. */
  readonly seconds: number
}

export async function searchAsArticle(ground: SearchGround, plan: ArticlePlan, lines: Lines): Promise<void> {
  for (const [name, text] of Object.entries(SEARCHES)) {
    for (const tenant of measuredTenants(ground)) {
      const questions = questionsOf(ground, tenant, 500)
      // On the largest tenant one connection keeps a core busy for seconds; eight would take minutes to say the same.
      for (const callers of tenant === ground.tenants[0] ? [1] : plan.connections) {
        const engine = ground.database.openArticle(callers)
        try {
          const call = (at: number): Promise<WireRow[]> =>
            askArticle(engine, text, tenant.id, questions[at % questions.length] as Question)
          const figures = figuresOf(await closedLoop({ callers, seconds: plan.seconds }, call))
          lines.add(ARTICLE, { search: name, tenant: sizeOf(tenant), connections: String(callers) }, figures)
        } finally {
          await engine.close()
        }
      }
    }
  }
}

/** Ten rows at most, both halves weighing the same. */
export async function askArticle(
  engine: Engine,
  text: string,
  tenantId: string,
  { text: words, vector }: Question,
): Promise<WireRow[]> {
  const session = await engine.acquire()
  const send = async (statement: string, values: readonly string[] = []): Promise<WireRow[]> =>
    (await session.send({ text: statement, values })).rows
  await send('begin')
  await send(`select set_config('app.current_tenant_id', $1, true)`, [tenantId])
  const rows = await send(text, [words, vectorText(vector), '0.5', '0.5', '10'])
  await send('commit')
  session.release()
  return rows
}
