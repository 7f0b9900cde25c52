// Runs the attacks one after the other. One that breaks the server is a finding; one that breaks itself is not run.
import { asFault } from '../../platform/faults.ts'
import { found, notRun, type Attack, type Verdict } from './attack.ts'
import type { DatabaseGround, Ground } from './ground/ground.ts'

export interface Outcome extends Verdict {
  readonly id: string
  readonly title: string
  readonly ms: number
  /** It ended with an error of its own: what it would have found is not known. */
  readonly isBroken: boolean
}

export async function runAttacks(
  attacks: readonly Attack[],
  ground: Ground,
  onOutcome: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const attack of attacks) {
    const began = performance.now()
    const ended = await endOf(attack, ground)
    const { id, title } = attack
    const outcome = { id, title, ...ended, ms: Math.round(performance.now() - began) }
    outcomes.push(outcome)
    onOutcome(outcome)
  }
  return outcomes
}

/** What the login alone can tell where the ground could not be made; of the rest is said why it was not run. */
export async function runOnDatabase(
  attacks: readonly Attack[],
  database: DatabaseGround,
  why: string,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const { id, title, onDatabase } of attacks) {
    const began = performance.now()
    const verdict = await (onDatabase?.(database) ?? notRun(why))
    const ms = Math.round(performance.now() - began)
    outcomes.push({ id, title, ...verdict, ms, isBroken: onDatabase === undefined })
  }
  return outcomes
}

async function endOf(attack: Attack, ground: Ground): Promise<Verdict & { readonly isBroken: boolean }> {
  try {
    return { ...(await attack.run(ground)), isBroken: false }
  } catch (error) {
    ground.signal.throwIfAborted()
    if (!(await isAlive(ground))) return { ...found('the server does not answer any more'), isBroken: false }
    const { code, say, message } = asFault(error)
    return { ...notRun(code === 'internal' ? message : say), isBroken: true }
  }
}

async function isAlive({ wire }: Ground): Promise<boolean> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const answer = await wire.send({ path: '/livez' }).catch(() => undefined)
    if (answer?.status === 200) return true
  }
  return false
}
