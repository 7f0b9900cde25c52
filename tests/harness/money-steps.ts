// The steps of the property test, as data that fast-check makes and shrinks. Holds are named by number, of those there are.
import fc from 'fast-check'

export type Step =
  | {
      readonly kind: 'reserve'
      readonly user: string
      readonly key: string | undefined
      readonly model: string
      readonly task: string | undefined
      readonly least: bigint
      readonly more: bigint
    }
  | { readonly kind: 'again' | 'send' | 'expire' | 'sweep' | 'release'; readonly hold: number }
  | { readonly kind: 'settle'; readonly hold: number; readonly cost: bigint }
  | { readonly kind: 'crash' }
  | { readonly kind: 'limit'; readonly budget: number; readonly limit: bigint | null }
  | { readonly kind: 'grant'; readonly budget: number; readonly amount: bigint }
  | { readonly kind: 'correct'; readonly hold: number; readonly amount: bigint }
  | { readonly kind: 'wait'; readonly hours: number }

/** Mostly one of the latest: those are open. */
const hold = fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 4 }) }, fc.nat({ max: 30 }))
const nano = (max: bigint) => fc.bigInt({ min: 0n, max })
const budget = fc.nat({ max: 7 })
/** Mostly such that some calls fit and some do not. */
const limit = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: 500n, max: 3_000n }) },
  { weight: 4, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 50n) },
)

const reserve = fc.record({
  kind: fc.constant('reserve' as const),
  user: fc.constantFrom('ada', 'bob'),
  key: fc.constantFrom(undefined, 'k1', 'k2'),
  model: fc.constantFrom('m1', 'm2'),
  task: fc.constantFrom(undefined, 't1'),
  least: fc.oneof(nano(200n), fc.constant(0n)),
  more: fc.oneof(nano(300n), fc.constant(0n)),
})

/** One step; calls and their ends make most of them. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: reserve },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('again' as const), hold }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('send' as const), hold }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('settle' as const), hold, cost: nano(400n) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('release' as const, 'expire' as const, 'expire' as const),
      hold,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sweep' as const), hold }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('limit' as const),
      budget,
      limit,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('grant' as const), budget, amount: nano(500n) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('correct' as const),
      hold,
      amount: fc.bigInt({ min: -100n, max: 50n }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.nat({ max: 200 }) }) },
)

/** A limit for each budget to begin with. */
export const limits = fc.array(limit, { minLength: 8, maxLength: 8 })

/** What happens in one round: one step, or several at the same time. */
export const round = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(step) },
  { weight: 1, arbitrary: fc.array(step, { minLength: 2, maxLength: 6 }) },
)
