// A process of its own that takes from a shared limit as often as it is told, all at once, and says how often it could.
import { openSharedStore } from '../../src/platform/redis/shared-store.ts'
import { sharedLimiter } from '../../src/gate/limits/shared-limiter.ts'

const [url = '', times = '0'] = process.argv.slice(2)
const store = await openSharedStore({
  url,
  onAway: error => {
    throw error
  },
  onBack: () => undefined,
  deadlineMs: 10_000,
})
const limiter = sharedLimiter({ store })
const limit = { name: 'tier', perSecond: 1 / 3_600, burst: 10 }
const takings = Array.from({ length: Number(times) }, () => limiter.take({ limit, key: 'shared' }))
const taken = (await Promise.all(takings)).filter(({ allowed }) => allowed).length
console.log(taken)
store.close()
