// follow_ingestions: waits for what happens next to files on their way in; asked again after the last event that was
// seen, it goes on from there, whichever process answers.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { visibleOf } from './access/visible-ingestions.ts'
import { followEvents } from '../../platform/journal/follow.ts'
import type { JournalHints } from '../../platform/journal/hints.ts'

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
    input: z.strictObject({
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
    }),
    output: z.strictObject({ events: z.array(FollowedEvent) }),
    async run({ ingestions, wait_seconds }, call) {
      const ids = ingestions.map(({ ingestion_id }) => ingestion_id.toLowerCase())
      let shown = await call.read(tx => visibleOf(tx, call.principal, ids))
      // Of the others nothing is heard, as of ids that are nobody's.
      const followed = ingestions.filter(({ ingestion_id }) => shown.has(ingestion_id.toLowerCase()))
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
        signal: call.signal,
      })
      return {
        events: events
          .filter(({ streamId }) => shown.has(streamId))
          .map(({ streamId, sequence, at, kind, data }) => ({
            ingestion_id: streamId,
            sequence,
            at: at.toISOString(),
            kind,
            data: data as Record<string, unknown>,
          })),
      }
    },
  })
}
