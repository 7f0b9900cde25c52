// The lines of a text file with their numbers, streamed: a corpus may be larger than the memory.
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { fault, type Fault } from '../../../platform/faults.ts'

export interface Line {
  /** 1 is the first. */
  readonly number: number
  readonly text: string
}

/** A document of a test collection is far shorter; a file without line breaks is no such collection. */
const MAX_LINE = 32 * 1024 * 1024

/** Lines that are not blank. A name that ends in .gz is unpacked. */
export async function* lines(file: string): AsyncGenerator<Line> {
  let number = 0
  try {
    for await (const text of split(opened(file), () =>
      badLine(file, number + 1, 'is too long to be a line'),
    )) {
      number++
      if (text.trim() !== '') yield { number, text }
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Of the file system (EACCES) or of zlib (Z_DATA_ERROR); anything else was thrown on purpose.
    if (typeof code !== 'string' || !/^[EZ][_A-Z]+$/.test(code)) throw error
    throw fault('invalid_input', {
      reason: 'unreadable_file',
      say: `${file} cannot be read past line ${number} (${code}).`,
      because: error,
    })
  }
}

function opened(file: string): Readable {
  const bytes = createReadStream(file)
  if (!file.endsWith('.gz')) return bytes
  const unpacked = createGunzip()
  bytes.once('error', error => unpacked.destroy(error))
  return bytes.pipe(unpacked)
}

async function* split(bytes: Readable, tooLong: () => Fault): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of bytes) {
    const parts = (rest + decoder.decode(piece as Uint8Array, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    if (rest.length > MAX_LINE) throw tooLong()
    for (const part of parts) yield part.replace(/\r$/, '')
  }
  rest += decoder.decode()
  if (rest !== '') yield rest.replace(/\r$/, '')
}

/** `badLine('corpus.jsonl', 7, 'is not JSON')` */
export function badLine(file: string, number: number, what: string): Fault {
  return fault('invalid_input', { reason: 'bad_line', say: `${file}, line ${number}: ${what}.` })
}
