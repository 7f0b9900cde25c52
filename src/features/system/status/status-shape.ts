// How the state of a deployment is told: words and numbers, no address, no secret, no provider's text.
import { z } from 'zod'

export const dependencyShape = z.strictObject({
  name: z.string().describe('"database", "redis", or the provider’s name.'),
  for: z.enum(['data', 'rates', 'embeddings', 'answers']),
  state: z
    .enum(['ok', 'away', 'paused', 'trying'])
    .describe(
      'away: it does not answer. paused: it failed so often that it is not called for a while. trying: the next call finds out.',
    ),
  took_ms: z
    .number()
    .nullable()
    .describe('How long it took to answer now; null for what a look does not call.'),
  problem: z.string().nullable().describe('What is wrong, as a code.'),
  last_failure: z.strictObject({ at: z.iso.datetime(), reason: z.string() }).nullable(),
})

export const queueShape = z.strictObject({
  name: z.string(),
  waiting: z.int().describe('Jobs that could be done now.'),
  put_off: z.int().describe('Jobs for later, such as those that are tried again.'),
  running: z.int(),
  failed: z.int().describe('Jobs given up within the last 90 days.'),
  oldest_waiting_seconds: z.number().nullable(),
})

export const statusShape = z.strictObject({
  state: z.enum(['ok', 'degraded']).describe('degraded: something below is away, paused or stands still.'),
  problems: z.array(z.string()).describe('What is not as it should be, one sentence each.'),
  version: z.string(),
  role: z.string().describe('What this process does.'),
  started_at: z.iso.datetime(),
  uptime_seconds: z.int(),
  engine: z.strictObject({
    kind: z.enum(['embedded', 'postgresql']),
    version: z.string().nullable(),
    vector: z.string().nullable().describe('The version of pgvector.'),
  }),
  embedding_model: z.string().nullable().describe('The one that answers searches.'),
  dependencies: z.array(dependencyShape),
  queues: z.array(queueShape).nullable().describe('Null when they could not be read.'),
  worker_seen_seconds: z
    .number()
    .nullable()
    .describe('How long ago any process last looked after the queues; null when it is not known.'),
  processes: z.int().nullable().describe('Processes that serve, where they count together in Redis.'),
  signing_keys: z
    .array(
      z.strictObject({
        id: z.string(),
        status: z.enum(['active', 'retiring', 'retired']),
        created_at: z.iso.datetime(),
        age_days: z.number(),
        accepted_until: z.iso.datetime().nullable(),
      }),
    )
    .nullable(),
})

export type Status = z.infer<typeof statusShape>
export type Dependency = z.infer<typeof dependencyShape>
