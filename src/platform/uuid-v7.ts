// Identifiers that sort by the time they were made (RFC 9562, version 7), so that new rows land side by side in
// their indexes. The application makes them, never the database.
import { randomFillSync } from 'node:crypto'

/** A lower-case UUID: 48 bits of milliseconds since 1970, then 74 random bits. */
export function uuidv7(): string {
  const bytes = Buffer.alloc(16)
  randomFillSync(bytes, 6)
  bytes.writeUIntBE(Date.now(), 0, 6)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
