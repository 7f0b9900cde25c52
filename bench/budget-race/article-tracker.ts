// The cost tracker of the article that Gatehouse grew out of, written in TypeScript from its description there: a list in
// the memory of each process, prices for a thousand tokens in floats, asked before a call and told after it. A model that
// it has no price for costs 0. It is here to be raced, and is no part of the product.

interface CostRecord {
  readonly userId: string
  readonly totalCost: number
}

export class ArticleTracker {
  readonly #costs: CostRecord[] = []
  readonly #pricing: Readonly<Record<string, number>>

  constructor(pricing: Readonly<Record<string, number>>) {
    this.#pricing = pricing
  }

  checkBudget(userId: string, budget: number): { readonly allowed: boolean; readonly remaining: number } {
    const spent = this.#costs.reduce((sum, cost) => (cost.userId === userId ? sum + cost.totalCost : sum), 0)
    return { allowed: budget - spent > 0, remaining: budget - spent }
  }

  trackRequest(
    userId: string,
    model: string,
    tokens: { readonly input: number; readonly output: number },
  ): number {
    const price = this.#pricing[model] ?? 0
    const totalCost = (tokens.input / 1_000) * price + (tokens.output / 1_000) * price
    this.#costs.push({ userId, totalCost })
    return totalCost
  }
}

export interface TrackerRace {
  readonly admitted: number
  readonly ms: number
}

/** Asks first, calls, then records, as the article's use case does; one tracker for each process. */
export async function raceTracker(
  processes: number,
  calls: number,
  askModel: () => Promise<unknown>,
): Promise<TrackerRace> {
  // 1,024 tokens of output for $0.001024 each call; ten of them are the budget.
  const trackers = Array.from({ length: processes }, () => new ArticleTracker({ race: 0.001 }))
  const budget = 10 * 0.001024
  let admitted = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: calls }, async (_, n) => {
      const tracker = trackers[n % processes]
      if (tracker?.checkBudget('ada', budget).allowed !== true) return
      admitted += 1
      await askModel()
      tracker.trackRequest('ada', 'race', { input: 0, output: 1_024 })
    }),
  )
  return { admitted, ms: performance.now() - began }
}
