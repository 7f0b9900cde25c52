// What a journal can hold: JSON that comes back as it went in. Text in it may come from any document or model.
import { fault } from '../faults.ts'
import { storableText } from '../storable-text.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Deeper is no data of ours, or goes in a circle. */
const MAX_DEPTH = 100

/**
 * The JSON text of a value. NUL and lone surrogates, which Postgres cannot store, are cleaned away in texts and keys;
 * properties that are undefined are left out. Whatever would silently come back as something else (NaN, a bigint, a
 * Date, a Map, a class) throws and names its place.
 */
export function journalText(value: unknown): string {
  return JSON.stringify(jsonOf(value, []))
}

function jsonOf(value: unknown, path: readonly string[]): Json {
  if (path.length > MAX_DEPTH) throw notJson(path.slice(0, 5), `deeper than ${MAX_DEPTH}`)
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return storableText(value).text
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw notJson(path, String(value))
  }
  if (Array.isArray(value)) return value.map((item, i) => jsonOf(item, [...path, String(i)]))
  if (!isPlain(value)) throw notJson(path, nameOf(value))
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(
    entries.map(([name, item]) => [storableText(name).text, jsonOf(item, [...path, name])]),
  )
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value
  return value.constructor?.name ?? 'an object'
}

function notJson(path: readonly string[], what: string) {
  return fault('internal', {
    detail: `the journal holds JSON alone: ${['data', ...path].join('.')} is ${what}`,
  })
}
