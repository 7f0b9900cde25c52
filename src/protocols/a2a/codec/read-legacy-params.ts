// Parameters of A2A 0.3 before the SDK translates them: its translation takes them at their word, and fails in words of
// its own. What they say is checked once more as 1.0, so only their form is here.
import { z } from 'zod'
import { MAX_PARTS, readParams } from './read-params.ts'

const Part = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('text'), text: z.string() }),
  z.looseObject({ kind: z.literal('data'), data: z.json() }),
  z.looseObject({
    kind: z.literal('file'),
    file: z.union([z.looseObject({ bytes: z.string() }), z.looseObject({ uri: z.string() })]),
  }),
])

const Send = z.looseObject({
  message: z.looseObject({
    messageId: z.string().min(1),
    role: z.literal('user', 'must be user'),
    parts: z.array(Part).min(1).max(MAX_PARTS),
    contextId: z.string().nullish(),
    taskId: z.string().nullish(),
    extensions: z.array(z.string()).nullish(),
    referenceTaskIds: z.array(z.string()).nullish(),
    metadata: z.record(z.string(), z.json()).nullish(),
  }),
  configuration: z
    .looseObject({
      acceptedOutputModes: z.array(z.string()).optional(),
      historyLength: z.int().min(0).optional(),
      // What 0.3's own server does for clients that do not say.
      blocking: z.boolean().default(true),
      pushNotificationConfig: z.looseObject({ url: z.string() }).optional(),
    })
    .optional(),
})

const About = z.looseObject({ id: z.string().min(1), historyLength: z.int().min(0).optional() })

/** Throws `invalid_input` that names every member that is wrong. */
export function readLegacyParams(method: string, params: unknown): Record<string, unknown> {
  return readParams(method.startsWith('message/') ? Send : About, params)
}
