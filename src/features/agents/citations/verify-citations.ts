// Citations read again where they are said to stand, as the caller may read by now.
import type { ReadCall } from '../../../gate/call.ts'
import { readPlaces } from '../../documents/retrieve-document.ts'
import type { CheckedAnswer } from './check-answer.ts'
import type { Citation, Unsupported } from './citation.ts'

export interface Verified {
  /** It cites something, all of it holds, and nothing else is given as the documents' words. */
  readonly verified: boolean
  readonly citations: readonly Citation[]
  readonly unsupported: readonly Unsupported[]
}

/** A document that is gone, or closed to the caller meanwhile, is the same as one that says something else. */
export async function verifyCitations(
  call: ReadCall,
  { citations: cited, unsupported }: CheckedAnswer,
): Promise<Verified> {
  const texts = await readPlaces(call, cited)
  const citations = cited.map((citation, at): Citation => {
    const problem = citation.problem ?? (texts[at] === citation.quote ? undefined : 'moved')
    return { ...citation, verified: problem === undefined, ...(problem === undefined ? {} : { problem }) }
  })
  const verified = citations.length > 0 && unsupported.length === 0 && citations.every(one => one.verified)
  return { verified, citations, unsupported }
}
