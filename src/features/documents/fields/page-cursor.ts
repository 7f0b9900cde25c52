// Cursors of lists that go by id, newest first: ids are UUIDs of version 7, their order is the order of creation.
import { fault } from '../../../platform/faults.ts'

export type Listing = 'documents' | 'ingestions'

// Opaque to callers, so that the order may change; the prefix tells an old cursor from a new one.
const CURSOR = /^([a-z]+)\.1\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export function cursorAt(listing: Listing, id: string): string {
  return Buffer.from(`${listing}.1.${id}`).toString('base64url')
}

/** The id a cursor stands for; `invalid_input` for any text that the listing did not give out. */
export function idOf(listing: Listing, cursor: string): string {
  const [, of, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  // Node decodes base64url leniently: only the spelling we gave out is taken.
  if (of === listing && id !== undefined && cursorAt(listing, id) === cursor) return id
  const message = `cursor is not one that list_${listing} gave out; leave it out to start with the newest`
  throw fault('invalid_input', { say: message, issues: [{ field: 'cursor', message }] })
}
