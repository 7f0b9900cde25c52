// What an answer names as a source besides numbers: ids, addresses and names of files.
import { folded, withoutEnds } from './folded.ts'

const ID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/giu
const ADDRESS_OR_FILE =
  /(?:https?:\/\/|www\.)[^\s`<>"”’)\]]+|[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,80}\.(?:pdf|docx?|xlsx?|pptx?|md|txt|html?|csv|eml)(?![\p{L}\p{N}])/giu

export interface Known {
  readonly ids: readonly string[]
  /** What was asked, and the passages with their titles. */
  readonly texts: readonly string[]
}

/**
 * Those that are not known, each once. A document may name files and addresses, and an answer repeat them; but an id is
 * known only where it is a passage's own: a document that names another one is no proof that this was read.
 */
export function unknownReferences(answer: string, { ids, texts }: Known): string[] {
  const known = texts.map(text => folded(text).toLowerCase())
  const isKnown = (text: string): boolean => known.some(one => one.includes(folded(text).toLowerCase()))
  const strange = matches(answer, ID).filter(id => !ids.includes(id.toLowerCase()))
  const named = matches(answer, ADDRESS_OR_FILE).map(withoutEnds)
  return [...new Set([...strange, ...named.filter(text => !isKnown(text))])]
}

function matches(text: string, form: RegExp): string[] {
  return [...text.matchAll(form)].map(([found]) => found)
}
