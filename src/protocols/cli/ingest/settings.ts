// The options of `ingest` that go with every document: labels, collection, metadata, language.
import { fault } from '../../../platform/faults.ts'
import type { TypedAccess } from './access-option.ts'

export type MetadataValue = string | number | boolean

/** What `add_document` takes besides the bytes and their name. */
export interface DocumentSettings {
  readonly labels?: readonly string[]
  readonly collection?: string
  readonly metadata?: Readonly<Record<string, MetadataValue>>
  readonly language?: string
  readonly access?: TypedAccess
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

/** key=value pairs. true, false and numbers are what they look like; a value in "double quotes" is always a text. */
export function parseMetadata(pairs: readonly string[]): Record<string, MetadataValue> {
  const entries = pairs.map(pair => {
    const at = pair.indexOf('=')
    if (at < 1) throw fault('invalid_input', { say: `--metadata takes key=value, got ${pair}.` })
    return [pair.slice(0, at), metadataValue(pair.slice(at + 1))] as const
  })
  const twice = entries.find(([key], index) => entries.findIndex(([other]) => other === key) < index)
  if (twice !== undefined) throw fault('invalid_input', { say: `--metadata has ${twice[0]} twice.` })
  return Object.fromEntries(entries)
}

/** What a value looks like: true, false or a number; else a text. */
export function metadataValue(text: string): MetadataValue {
  if (text === 'true' || text === 'false') return text === 'true'
  // 007 and 1e999 stay texts: what cannot be written back as it was is no number here.
  if (NUMBER.test(text) && Number.isFinite(Number(text))) return Number(text)
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text
}
