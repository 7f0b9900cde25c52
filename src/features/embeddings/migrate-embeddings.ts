// migrate_embeddings: another model takes the place of the serving one, while searches go on.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import type { OwnerDatabase } from '../../platform/db/database.ts'
import { fault } from '../../platform/faults.ts'
import { knownModel, registerModel } from './change/register-model.ts'

const BUILT_IN = 'local-ngram-1'

export interface MigrateEmbeddingsDeps {
  /** Absent where this process has not the owner's login. */
  readonly owner: OwnerDatabase | undefined
  /** The dimension of a model's vectors, by asking it for one. */
  readonly probe: (name: string, signal?: AbortSignal) => Promise<number>
}

export function migrateEmbeddings({ owner, probe }: MigrateEmbeddingsDeps) {
  return defineOperation({
    name: 'migrate_embeddings',
    title: 'Change the embedding model',
    description:
      'Embeds all documents with another model in the background and lets it answer searches when it has all of them. ' +
      'Searches go on all the time, by the old model until then.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({
      to: z
        .string()
        .max(200)
        .regex(
          /^(local|(ollama|openai|tei):.+)$/,
          'must be local, ollama:<model>, openai:<model> or tei:<name>',
        )
        .describe('The model: local, ollama:<model>, openai:<model> or tei:<name>.'),
    }),
    output: z.strictObject({
      model: z.string(),
      dimension: z.int(),
      state: z.enum(['filling', 'serving']).describe('Serving: it answers searches already.'),
      started: z
        .boolean()
        .describe('False when the model was serving or being filled before this was asked.'),
    }),
    async run({ to }, call) {
      if (owner === undefined) {
        throw fault('unsupported', {
          say: 'Changing the model makes tables: run this where DATABASE_OWNER_URL is set.',
        })
      }
      const name = to === 'local' ? BUILT_IN : to
      call.about(`embedding_model:${name}`)
      const model =
        (await knownModel(owner, name)) ??
        (await registerModel(owner, { name, dimension: await probe(name, call.signal) }))
      return { model: model.name, dimension: model.dimension, state: model.state, started: model.isNew }
    },
  })
}
