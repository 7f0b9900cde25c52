// Before a task is taken on that will ask a paid model: is its price known, and is there any room for it. Nothing is
// spent; what a call really costs is reserved when it is made.
import type { ReadCall } from '../../../../gate/call.ts'
import { Fault } from '../../../../platform/faults.ts'
import { EXTRACTIVE } from '../../../../platform/model-settings.ts'
import { isKnown } from './sent-before.ts'

export interface MoneyCheck {
  /** The model where the caller names none. */
  readonly standardModel: string
}

/** Tokens of the smallest answer worth asking for. */
const LEAST = { input: 500, output: 64 }

/**
 * Throws `budget_exceeded` or `price_unknown`. `input` is what the workflow was asked, with the model it may name. A request
 * that was sent before (by its `keys`) costs nothing more.
 */
export async function requireMoney(
  { standardModel }: MoneyCheck,
  call: Pick<ReadCall, 'read' | 'spend' | 'principal'>,
  { input, keys }: { readonly input: Readonly<Record<string, unknown>>; readonly keys: readonly string[] },
): Promise<void> {
  const { model = standardModel } = input
  if (typeof model !== 'string' || model === EXTRACTIVE) return
  if (await call.read(tx => isKnown(tx, call.principal, keys))) return
  const spending = call.spend(
    {
      step: 'accept',
      model,
      most: { input: LEAST.input },
      output: { least: LEAST.output, most: LEAST.output },
    },
    async ({ used }) => used({}),
  )
  await spending.catch((error: unknown) => {
    // A cheaper model, or none, answers instead: that is the workflow's to choose.
    if (!(error instanceof Fault && error.facts?.['action'] === 'degrade')) throw error
  })
}
