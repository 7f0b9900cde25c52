// `npm run proofs -- money [--operations 1000000] [--seed n] [--lanes 6]`: random histories of money against a model in
// memory, on a real PostgreSQL (DATABASE_ADMIN_URL, else `npm run postgres`) with several connections. Ends with 1 at the
// first difference, and says which history of which seed it was.
// `npm run proofs -- tasks [--seeds 20]`: what tasks survive, with real processes there: see docs/DURABILITY.md.
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { proveTasks } from '../tests/durability/tasks-proof.ts'
import { openMoneyField } from '../tests/harness/money-field.ts'
import { play, settableClock } from '../tests/harness/money-play.ts'
import { limits, round } from '../tests/harness/money-steps.ts'

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    operations: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    lanes: { type: 'string', default: '6' },
    seeds: { type: 'string', default: '20' },
  },
})
if (positionals.length === 1 && positionals[0] === 'tasks') {
  const wrong = await proveTasks(amount('--seeds', given.seeds), text => console.log(text))
  for (const what of wrong) console.error(`proofs tasks: ${what}`)
  process.exit(wrong.length === 0 ? 0 : 1)
}
if (positionals.length !== 1 || positionals[0] !== 'money') {
  console.error('proofs: there are two, money and tasks')
  process.exit(2)
}
const wanted = amount('--operations', given.operations)
const seed = amount('--seed', given.seed)
const lanes = amount('--lanes', given.lanes)
const history = fc.tuple(limits, fc.array(round, { minLength: 200, maxLength: 300, size: 'max' }))

const field = await openMoneyField(lanes, 3, false)
const began = performance.now()
let played = 0
let next = 0
let told = 0
let wrong = ''
try {
  await settableClock(field.asAdmin)
  console.log(
    `proofs money: ${wanted} operations on PostgreSQL ${field.version}, seed ${seed}, ${lanes} lanes`,
  )
  await Promise.all(Array.from({ length: lanes }, lane))
} finally {
  await field.close()
}
console.log(wrong === '' ? `${summary()}: no difference` : wrong)
process.exitCode = wrong === '' ? 0 : 1

/** One history after the other, each a tenant's own, from connections of two pools. */
async function lane(_: unknown, index: number): Promise<void> {
  const { databases, owner, asAdmin } = field
  const own = [databases[index], databases[(index + 1) % lanes]].filter(database => database !== undefined)
  while (played < wanted && wrong === '') {
    const number = next++
    const [[begin, rounds] = [[], []]] = fc.sample(history, { seed: seed + number, numRuns: 1 })
    try {
      const operations = await play({ databases: own, owner, asAdmin }, begin, rounds)
      played += operations
    } catch (error) {
      wrong ||= `history ${number} of seed ${seed} (--seed ${seed + number} begins with it): ${String(error)}`
    }
    if (played - told >= 50_000) {
      told = played
      console.log(`  ${summary()}`)
    }
  }
}

function summary(): string {
  const seconds = (performance.now() - began) / 1_000
  return `${played} operations in ${next} histories, ${Math.round(seconds)} s, ${Math.round(played / seconds)} a second`
}

function amount(name: string, text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  console.error(`proofs: ${name} ${text} is no whole number`)
  process.exit(2)
}
