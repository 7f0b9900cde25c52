// A queue as code knows it: its name and the ids its jobs carry. Its options are declared in a *.fn.sql file beside
// the feature (app.define_queue), so that `migrate` makes it and no process needs to.
import { fault } from '../faults.ts'

export interface Queue<Id extends string = string> {
  readonly name: string
  /** Beside tenantId, which every job carries. */
  readonly ids: readonly Id[]
}

/**
 * Ids only: a payload carries neither content nor authority. Whoever reads the queue learns nothing of a document,
 * and a handler looks the truth up in the tables, so that a job nobody ordered does nothing.
 */
export type JobPayload<Id extends string> = { readonly [Name in Id | 'tenantId']: string }

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** `queue('provision_tenant')`; `queue('embed_document', ['documentId'])` */
export function queue<const Id extends string = never>(name: string, ids: readonly Id[] = []): Queue<Id> {
  return { name, ids }
}

/** The payload if it holds exactly the ids of the queue; throws otherwise. */
export function checkPayload<Id extends string>({ name, ids }: Queue<Id>, payload: unknown): JobPayload<Id> {
  const given = Object.entries(payload ?? {}) as [string, unknown][]
  const expected: readonly string[] = ['tenantId', ...ids]
  const isSound =
    given.length === expected.length &&
    given.every(([key, value]) => expected.includes(key) && typeof value === 'string' && UUID.test(value))
  if (!isSound)
    throw fault('internal', {
      detail: `a job of ${name} carries ${expected.join(', ')}, each a UUID, and nothing else`,
    })
  return payload as JobPayload<Id>
}
