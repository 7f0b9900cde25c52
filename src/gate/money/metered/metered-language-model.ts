// A language model that is paid: each answer goes through a hold, which bounds it. Whoever stops reading ends the request,
// and what came until then is settled before he is let go.
import type { LanguageModel, Written } from '../../../platform/models/language/language-model.ts'
import { mostTokens } from '../../../platform/models/meter.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import type { Settled, Spend } from '../spend.ts'
import { relayed } from './relayed.ts'

export interface Metering {
  /** Names in the ledger what the text is for: 'answer'. */
  readonly step: string
  readonly label?: string | undefined
  /** Hears what the call came to. */
  readonly settled?: ((settled: Settled) => void) | undefined
}

/** Tokens that servers put around what they are sent: roles, and system prompts of their own. */
const TOKENS_AROUND = 512
/** An answer that would be shorter is not worth asking for. */
const LEAST_OUTPUT = 64

export function meteredLanguageModel(
  model: LanguageModel,
  spend: Spend,
  { step, label, settled }: Metering,
): LanguageModel {
  return {
    name: model.name,
    stream: ({ meter: _, ...generation }) =>
      relayed<Written>(generation.signal, (signal, put) =>
        spend(
          {
            step,
            attempt: uuidv7(),
            label,
            settled,
            model: model.name,
            most: { input: mostTokens(generation.system, generation.prompt) + TOKENS_AROUND },
            output: { least: LEAST_OUTPUT, most: generation.maxOutput },
          },
          async allowance => {
            const { maxOutput } = allowance
            for await (const part of model.stream({ ...generation, maxOutput, signal, meter: allowance }))
              put(part)
          },
        ),
      ),
  }
}
