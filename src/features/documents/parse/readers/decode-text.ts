// Bytes of a text file as strings, chunk by chunk: UTF-8, or UTF-16 with its byte order mark, or Windows-1252 where
// the bytes are no UTF-8. Binary data is refused wherever in the file it comes.
import { isUtf8 } from 'node:buffer'
import type { ParseWarning } from '../child/parser-messages.ts'
import { Refusal } from '../refusal.ts'
import type { FileType } from '../file-type.ts'

type Decode = (bytes: Uint8Array, last: boolean) => string

export interface DecodeOptions {
  readonly claimed: FileType | undefined
  warn(warning: ParseWarning): void
}

/** The first chunk decides between UTF-8 and UTF-16. A byte order mark is not part of the text. */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  { claimed, warn }: DecodeOptions,
): AsyncGenerator<string> {
  let decode: Decode | undefined
  for await (const bytes of chunks) {
    decode ??= decoderFor(bytes, warn)
    const text = decode(bytes, false)
    if (isBinary(text)) throw binaryRefusal(claimed)
    if (text !== '') yield text
  }
  const rest = decode?.(new Uint8Array(), true) ?? ''
  if (rest !== '') yield rest
}

function decoderFor(head: Uint8Array, warn: DecodeOptions['warn']): Decode {
  const mark = (head[0] ?? 0) * 256 + (head[1] ?? 0)
  if (mark === 0xfffe) return utf16('utf-16le')
  if (mark === 0xfeff) return utf16('utf-16be')
  return utf8(warn)
}

function utf16(encoding: 'utf-16le' | 'utf-16be'): Decode {
  const decoder = new TextDecoder(encoding)
  return (bytes, last) => decoder.decode(bytes, { stream: !last })
}

/** Once valid characters beyond ASCII were seen, invalid ones are damage; before that, they are another encoding. */
function utf8(warn: DecodeOptions['warn']): Decode {
  let carried: Uint8Array = new Uint8Array()
  let mode: 'utf-8' | 'windows-1252' = 'utf-8'
  let strict = true
  let sawUtf8 = false
  let first = true
  return (bytes, last) => {
    const joined = carried.length === 0 ? bytes : Buffer.concat([carried, bytes])
    const end = last || mode === 'windows-1252' ? joined.length : completeLength(joined)
    carried = joined.slice(end)
    const whole = joined.subarray(0, end)
    if (strict && !isUtf8(whole)) {
      strict = false
      if (!sawUtf8 && !mostlyUtf8(whole)) mode = 'windows-1252'
      warn(mode === 'utf-8' ? 'invalid_characters' : 'windows_1252')
    }
    const text = new TextDecoder(mode, { ignoreBOM: true }).decode(whole)
    sawUtf8 ||= strict && text.length < whole.length
    const unmarked = first && text.startsWith('\uFEFF') ? text.slice(1) : text
    if (whole.length > 0) first = false
    return unmarked
  }
}

/** How many bytes make whole characters: up to three at the end may be the beginning of one. */
function completeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return needed > back ? bytes.length - back : bytes.length
    }
  }
  return bytes.length
}

function mostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes)
  const broken = count(text, /\uFFFD/g)
  return count(text, /[\u0080-\uFFFC]/g) > broken
}

/** A stray NUL is left for the cleaning of texts; a ZIP's directory at the end of a "text" has more than eight. */
function isBinary(text: string): boolean {
  let nuls = 0
  let controls = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0) nuls++
    // Tab to carriage return and escape stand in logs and terminal records.
    else if (code < 9 || (code > 13 && code < 32 && code !== 27)) controls++
  }
  return nuls > 8 || controls > 16 + text.length / 50
}

function binaryRefusal(claimed: FileType | undefined): Refusal {
  return claimed === undefined
    ? new Refusal('unsupported_type', { found: 'binary' })
    : new Refusal('wrong_type', { found: 'binary', claimed })
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
