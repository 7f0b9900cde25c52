// follow_ingestions: waits for what happens next to files on their way in; asked again after the last event that was
// seen, it goes on from there, whichever process answers.
import { z } from 'zod'
import { FOLLOW_WAIT_S, idOfSequences, sequencesOf, type Follow } from '../../gate/streams/follow.ts'
import { defineOperation } from '../../gate/operation.ts'
import { visibleOf } from './access/visible-ingestions.ts'
import { followEvents } from '../../platform/journal/follow.ts'
import type { JournalHints } from '../../platform/journal/hints.ts'
import type { JournalEvent } from '../../platform/journal/journal.ts'

const EVENTS = 500

export interface FollowIngestionsDeps {
  readonly hints: JournalHints
}

const FollowedEvent = z.strictObject({
  ingestion_id: z.string(),
  sequence: z.int(),
  at: z.iso.datetime(),
  kind: z.string(),
  data: z.record(z.string(), z.unknown()),
})

const input = z.strictObject({
  ingestions: z
    .array(
      z.strictObject({
        ingestion_id: z.guid('must be a UUID'),
        after: z.int().min(0).default(0).describe('The sequence of the last event you have seen.'),
      }),
    )
    .min(1)
    .max(100),
  wait_seconds: z.number().min(0).max(20).default(0),
})

const output = z.strictObject({
  events: z.array(FollowedEvent),
  is_over: z.boolean().describe('All of them have ended, and you have seen all of it.'),
})

interface Asked {
  readonly ingestion_id: string
  readonly after?: number
}

/** Each ingestion has a count of its own: the id of a message has one number for each, in the order of the input. */
const follow: Follow = {
  begin: (sent, id) => {
    const wait_seconds = 0
    if (id === undefined || !Array.isArray(sent['ingestions'])) return { ...sent, wait_seconds }
    const ingestions: unknown[] = sent['ingestions']
    const sequences = sequencesOf(id, ingestions.length)
    const resumed = ingestions.map((one, at) =>
      typeof one === 'object' ? { ...one, after: sequences[at] } : one,
    )
    return { ...sent, ingestions: resumed, wait_seconds }
  },
  idOf: (input, output) => idOfSequences(cursorsAfter(input, output).map(({ after = 0 }) => after)),
  next: (input, output) =>
    output['is_over'] === true
      ? undefined
      : { ingestions: cursorsAfter(input, output), wait_seconds: FOLLOW_WAIT_S },
}

function cursorsAfter(
  { ingestions }: Readonly<Record<string, unknown>>,
  { events }: Readonly<Record<string, unknown>>,
): readonly Asked[] {
  const seen = new Map(
    (events as z.output<typeof FollowedEvent>[]).map(({ ingestion_id, sequence }) => [
      ingestion_id,
      sequence,
    ]),
  )
  return (ingestions as Asked[]).map(({ ingestion_id, after }) => ({
    ingestion_id,
    after: seen.get(ingestion_id.toLowerCase()) ?? after ?? 0,
  }))
}

export function followIngestions({ hints }: FollowIngestionsDeps) {
  return defineOperation({
    name: 'follow_ingestions',
    title: 'Follow files on their way in',
    description:
      'Returns the next events of ingestions, waiting for the first up to wait_seconds. ' +
      'Kinds: accepted, fetching, parsing, parsed, indexing; and one of these at the end: published, unchanged, superseded, failed.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    uncounted: true,
    waits: true,
    follow,
    input,
    output,
    async run({ ingestions, wait_seconds }, call) {
      const ids = ingestions.map(({ ingestion_id }) => ingestion_id.toLowerCase())
      let shown = await call.read(tx => visibleOf(tx, call.principal, ids))
      // Of the others nothing is heard, as of ids that are nobody's.
      const followed = ingestions.filter(({ ingestion_id }) => shown.has(ingestion_id.toLowerCase()))
      const isOver = (): boolean => [...shown.values()].every(one => one.isOver)
      const events = await followEvents({
        // With each look at the journal: a document may be closed while its file is followed.
        read: fn =>
          call.read(async tx => {
            shown = await visibleOf(tx, call.principal, ids)
            return fn(tx)
          }),
        hints,
        tenantId: call.principal.tenantId,
        cursors: followed.map(({ ingestion_id, after }) => ({
          streamId: ingestion_id.toLowerCase(),
          after,
        })),
        waitMs: wait_seconds * 1_000,
        limit: EVENTS,
        // Of ids that are nobody's, or not yet to be seen, nothing is known: they are waited for.
        isOver: () => shown.size > 0 && isOver(),
        signal: call.signal,
      })
      return {
        // Every look was at the states first: what ended after it may have more to tell.
        is_over: events.length === 0 && isOver(),
        events: events.filter(({ streamId }) => shown.has(streamId)).map(told),
      }
    },
  })
}

function told({ streamId, sequence, at, kind, data }: JournalEvent): z.input<typeof FollowedEvent> {
  return {
    ingestion_id: streamId,
    sequence,
    at: at.toISOString(),
    kind,
    data: data as Record<string, unknown>,
  }
}
