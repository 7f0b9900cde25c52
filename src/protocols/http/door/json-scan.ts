// One pass over the bytes of a JSON text, before anything is built from it: how deep it nests, how many keys it has,
// whether an object names a key twice (JSON.parse lets the last one win, other parsers the first), and whether a key
// could reach a prototype. Of a text that is not JSON it may say anything or nothing: the parser refuses it anyway.

export const MAX_DEPTH = 64
/** A document's metadata and a batch of ids stay far below; a hash table of a million keys does not. */
export const MAX_KEYS = 10_000

export type JsonProblem =
  | { readonly reason: 'nested_too_deep' | 'too_many_keys' }
  | { readonly reason: 'duplicate_key' | 'forbidden_key'; readonly key: string }

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT, COLON] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d, 0x3a,
]

/** What is under way at one level; of a list nothing is asked. */
interface Level {
  readonly keys: Set<string>
  /** The key whose value is being read. */
  at: string | undefined
}

/** The first thing that is wrong with the text, or undefined. */
export function scanJson(bytes: Buffer): JsonProblem | undefined {
  const levels: Level[] = []
  let keysSeen = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]
    if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (levels.length === MAX_DEPTH) return { reason: 'nested_too_deep' }
      levels.push({ keys: NO_KEYS, at: undefined })
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) levels.pop()
    else if (byte === QUOTE) {
      const end = endOfString(bytes, index)
      if (isKey(bytes, end)) {
        if (++keysSeen > MAX_KEYS) return { reason: 'too_many_keys' }
        const problem = enter(levels, unescaped(bytes, index, end))
        if (problem !== undefined) return problem
      }
      index = end
    }
  }
  return undefined
}

/** Shared by all levels that have no key yet; never added to. */
const NO_KEYS: Set<string> = new Set()

function enter(levels: Level[], key: string): JsonProblem | undefined {
  const level = levels.at(-1)
  if (level === undefined) return undefined
  if (key === '__proto__') return { reason: 'forbidden_key', key }
  // Each by itself is a word like others, also as a key of metadata: only through both is a prototype reached.
  if (key === 'prototype' && levels.at(-2)?.at === 'constructor')
    return { reason: 'forbidden_key', key: 'constructor.prototype' }
  if (level.keys.has(key)) return { reason: 'duplicate_key', key }
  if (level.keys === NO_KEYS) levels[levels.length - 1] = { keys: new Set([key]), at: key }
  else {
    level.keys.add(key)
    level.at = key
  }
  return undefined
}

/** The closing quote of the string that opens at `start`; the end of the text when there is none. */
function endOfString(bytes: Buffer, start: number): number {
  for (let end = start; ; ) {
    end = bytes.indexOf(QUOTE, end + 1)
    if (end === -1) return bytes.length
    let escapes = 0
    while (bytes[end - 1 - escapes] === BACKSLASH) escapes++
    if (escapes % 2 === 0) return end
  }
}

/** A string is a key when a colon follows. */
function isKey(bytes: Buffer, end: number): boolean {
  let next = end + 1
  while (isSpace(bytes[next])) next++
  return bytes[next] === COLON
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d
}

/** A key may be spelt with escapes; one that cannot be read is the parser's to refuse. */
function unescaped(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start + 1, end)
  if (!text.includes('\\')) return text
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    return text
  }
}
