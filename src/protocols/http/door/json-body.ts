// Reads a JSON body that a stranger wrote: valid UTF-8, at most 64 levels deep, no key that could reach a prototype.
// JSON.parse alone takes a million levels (and a stringify or a jsonb of it fails much later).
import { isUtf8 } from 'node:buffer'
import { fault } from '../../../platform/faults.ts'

const MAX_DEPTH = 64
const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
]

/** The value, or `invalid_input` with the reason `malformed_json`, `nested_too_deep` or `forbidden_key`. */
export function parseJsonBody(bytes: Buffer): unknown {
  if (nestsTooDeep(bytes)) {
    throw fault('invalid_input', {
      reason: 'nested_too_deep',
      say: `The body is nested more than ${MAX_DEPTH} levels deep.`,
    })
  }
  const text = isUtf8(bytes) ? bytes.toString('utf8') : undefined
  const value = text === undefined ? undefined : parsed(text)
  if (value === undefined)
    throw fault('invalid_input', { reason: 'malformed_json', say: 'The body is not valid JSON.' })
  const key = mayHideKey(text ?? '') ? forbiddenKey(value) : undefined
  if (key !== undefined) {
    throw fault('invalid_input', {
      reason: 'forbidden_key',
      say: `The body has a key that is not accepted: ${key}.`,
    })
  }
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Looks at brackets outside strings, before anything is built from them. */
function nestsTooDeep(bytes: Buffer): boolean {
  let depth = 0
  let isInString = false
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]
    if (isInString) {
      if (byte === BACKSLASH) index++
      else if (byte === QUOTE) isInString = false
    } else if (byte === QUOTE) isInString = true
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > MAX_DEPTH) return true
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--
  }
  return false
}

/** Most bodies name neither, and write no letter of a key as an escape: they need no walk. */
function mayHideKey(text: string): boolean {
  return text.includes('__proto__') || text.includes('constructor') || text.includes('\\u00')
}

function forbiddenKey(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Object.hasOwn(value, '__proto__')) return '__proto__'
  const maker = Object.hasOwn(value, 'constructor') ? value.constructor : undefined
  if (typeof maker === 'object' && maker !== null && Object.hasOwn(maker, 'prototype'))
    return 'constructor.prototype'
  for (const inner of Object.values(value)) {
    const key = forbiddenKey(inner)
    if (key !== undefined) return key
  }
  return undefined
}
