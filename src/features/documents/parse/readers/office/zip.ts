// The entries of an office file, looked up by exact name and never written anywhere. Sizes are counted while inflating:
// what the file declares about itself is compared afterwards, not believed.
import { crc32, inflateRawSync } from 'node:zlib'
import type { ParseLimits } from '../../parse-limits.ts'
import { Refusal } from '../../refusal.ts'

export interface Zip {
  readonly names: ReadonlySet<string>
  /** Undefined where no entry has exactly this name. */
  bytes(name: string): Buffer | undefined
}

interface Entry {
  readonly method: number
  readonly crc: number
  readonly zipped: number
  readonly unzipped: number
  readonly header: number
}

const END_SIZE = 22
const DIRECTORY_SIZE = 46
const HEADER_SIZE = 30
/** A small entry may be as repetitive as it likes. */
const FREE_OF_RATIO = 1_048_576

export function openZip(file: Buffer, limits: ParseLimits): Zip {
  const entries = readDirectory(file, limits)
  let left = limits.maxUnzippedBytes
  return {
    names: new Set(entries.keys()),
    bytes(name) {
      const entry = entries.get(name)
      if (entry === undefined) return undefined
      const bytes = unzip(dataOf(file, entry), entry, Math.min(left, allowed(entry, limits)))
      left -= bytes.length
      return bytes
    },
  }
}

function allowed(entry: Entry, limits: ParseLimits): number {
  return Math.max(FREE_OF_RATIO, entry.zipped * limits.maxUnzipRatio)
}

function readDirectory(file: Buffer, limits: ParseLimits): Map<string, Entry> {
  const end = findEnd(file)
  const count = file.readUInt16LE(end + 10)
  if (count > limits.maxEntries) throw new Refusal('too_much_unzipped', { count })
  const entries = new Map<string, Entry>()
  let at = file.readUInt32LE(end + 16)
  for (let read = 0; read < count; read++) {
    if (at + DIRECTORY_SIZE > end || file.readUInt32LE(at) !== 0x02014b50) throw new Refusal('damaged')
    const nameEnd = at + DIRECTORY_SIZE + file.readUInt16LE(at + 28)
    if (nameEnd > end) throw new Refusal('damaged')
    const name = file.toString('utf8', at + DIRECTORY_SIZE, nameEnd)
    if ((file.readUInt16LE(at + 8) & 1) === 1) throw new Refusal('encrypted')
    // Two entries of one name: which of them counts would depend on the reader.
    if (entries.has(name)) throw new Refusal('damaged')
    entries.set(name, {
      method: file.readUInt16LE(at + 10),
      crc: file.readUInt32LE(at + 16),
      zipped: file.readUInt32LE(at + 20),
      unzipped: file.readUInt32LE(at + 24),
      header: file.readUInt32LE(at + 42),
    })
    at = nameEnd + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  return entries
}

/** The end record, whose comment must reach to the end of the file: trailing bytes belong to something else. */
function findEnd(file: Buffer): number {
  for (let at = file.length - END_SIZE; at >= Math.max(0, file.length - 65_557); at--) {
    if (file.readUInt32LE(at) === 0x06054b50 && at + END_SIZE + file.readUInt16LE(at + 20) === file.length)
      return at
  }
  throw new Refusal('damaged')
}

function dataOf(file: Buffer, entry: Entry): Buffer {
  const { header, zipped } = entry
  if (header + HEADER_SIZE > file.length || file.readUInt32LE(header) !== 0x04034b50)
    throw new Refusal('damaged')
  const start = header + HEADER_SIZE + file.readUInt16LE(header + 26) + file.readUInt16LE(header + 28)
  if (start + zipped > file.length) throw new Refusal('damaged')
  return file.subarray(start, start + zipped)
}

function unzip(data: Buffer, entry: Entry, most: number): Buffer {
  const bytes = entry.method === 0 ? data : inflate(data, entry.method, most)
  if (bytes.length > most) throw new Refusal('too_much_unzipped')
  if (bytes.length !== entry.unzipped || crc32(bytes) !== entry.crc) throw new Refusal('damaged')
  return bytes
}

function inflate(data: Buffer, method: number, most: number): Buffer {
  if (method !== 8) throw new Refusal('damaged')
  if (most <= 0) throw new Refusal('too_much_unzipped')
  try {
    // Stops at the first byte too many; nothing more is inflated.
    return inflateRawSync(data, { maxOutputLength: most })
  } catch (error) {
    const isTooMuch = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw new Refusal(isTooMuch ? 'too_much_unzipped' : 'damaged', {}, error)
  }
}
