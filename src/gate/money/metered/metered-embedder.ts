// An embedder that is paid: each request goes through a hold. One of this process costs nothing and is not asked here.
import type { Embedder } from '../../../platform/models/embedder.ts'
import { mostTokens } from '../../../platform/models/meter.ts'
import { MAX_TEXTS } from '../../../platform/models/remote-embedder.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import type { Spend } from '../spend.ts'

/** Servers put a few tokens of their own around each text. */
const TOKENS_AROUND = 16

/** `step` names in the ledger what the vectors are for: 'embed_query'. */
export function meteredEmbedder(embedder: Embedder, spend: Spend, step: string): Embedder {
  if (embedder.isRemote !== true) return embedder
  const { model } = embedder
  const embedPortion = (texts: readonly string[], signal: AbortSignal | undefined) =>
    spend(
      {
        step,
        // Each request is paid for itself: asked once more, it costs once more.
        attempt: uuidv7(),
        model: model.name,
        most: { embedding: mostTokens(...texts) + TOKENS_AROUND * texts.length },
      },
      allowance => embedder.embed(texts, signal, allowance),
    )
  return {
    model,
    async embed(texts, signal) {
      const vectors: (Float32Array | null)[] = []
      for (let at = 0; at < texts.length; at += MAX_TEXTS)
        vectors.push(...(await embedPortion(texts.slice(at, at + MAX_TEXTS), signal)))
      return vectors
    },
  }
}
