// How callers name a document, and what they hear when it is not theirs: the same as when it is nobody's.
import { z } from 'zod'
import { fault, type Fault } from '../../../platform/faults.ts'

// `guid` takes any 32 digits: an id that no version of UUID could be is unknown, not malformed.
export const documentId = z
  .guid('must be a UUID')
  .describe('The doc_id of a hit, or the document_id of a listed document.')

export function documentNotFound(): Fault {
  return fault('not_found', { say: 'There is no such document.' })
}
