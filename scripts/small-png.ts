// Screenshots as small files: a picture of a page has few colours that matter, so 256 of them are enough.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const COLOURS = 256
const RGB = 2
const RGBA = 6
const PALETTE = 3

interface Pixels {
  readonly width: number
  readonly height: number
  /** 0xRRGGBB, row by row. */
  readonly colours: Uint32Array
}

/** The same picture in its 256 most frequent colours; each other one becomes the nearest of them. Takes 8-bit RGB(A). */
export function smallPng(png: Buffer): Buffer {
  const { width, height, colours } = pixelsOf(png)
  const counts = new Map<number, number>()
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const palette = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, COLOURS)
    .map(([colour]) => colour)
  const places = new Map([...counts.keys()].map(colour => [colour, nearest(palette, colour)]))
  const rows = Buffer.alloc((width + 1) * height)
  for (let at = 0; at < colours.length; at++)
    rows[at + Math.floor(at / width) + 1] = places.get(colours[at] ?? 0) ?? 0
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, PALETTE], 8)
  const table = Buffer.from(palette.flatMap(colour => [colour >> 16, (colour >> 8) & 255, colour & 255]))
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function nearest(palette: readonly number[], colour: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY]
  for (const [place, one] of palette.entries()) {
    const red = (one >> 16) - (colour >> 16)
    const green = ((one >> 8) & 255) - ((colour >> 8) & 255)
    const blue = (one & 255) - (colour & 255)
    const far = red * red + green * green + blue * blue
    if (far < least) [best, least] = [place, far]
  }
  return best
}

function pixelsOf(png: Buffer): Pixels {
  const data: Buffer[] = []
  let [width, height, kind] = [0, 0, 0]
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const name = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (name === 'IHDR') {
      ;[width, height, kind] = [body.readUInt32BE(0), body.readUInt32BE(4), body[9] ?? 0]
      if (body[8] !== 8 || (kind !== RGB && kind !== RGBA) || body[12] !== 0)
        throw new Error('only plain 8-bit RGB and RGBA are understood')
    }
    if (name === 'IDAT') data.push(body)
    at += length + 12
  }
  const size = kind === RGBA ? 4 : 3
  const bytes = unfiltered(inflateSync(Buffer.concat(data)), { stride: width * size, size })
  const colours = new Uint32Array(width * height)
  for (let at = 0; at < colours.length; at++) colours[at] = bytes.readUIntBE(at * size, 3)
  return { width, height, colours }
}

interface Rows {
  /** Bytes of a row, and of a pixel. */
  readonly stride: number
  readonly size: number
}

/** PNG 9.2: each row is told as what differs from its neighbours. */
function unfiltered(raw: Buffer, { stride, size }: Rows): Buffer {
  const height = raw.length / (stride + 1)
  const bytes = Buffer.alloc(stride * height)
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)] ?? 0
    for (let at = 0; at < stride; at++) {
      const here = row * stride + at
      const left = at < size ? 0 : (bytes[here - size] ?? 0)
      const above = row === 0 ? 0 : (bytes[here - stride] ?? 0)
      const corner = at < size || row === 0 ? 0 : (bytes[here - stride - size] ?? 0)
      bytes[here] = (raw[row * (stride + 1) + 1 + at] ?? 0) + guess(filter, { left, above, corner })
    }
  }
  return bytes
}

function guess(
  filter: number,
  { left, above, corner }: { readonly left: number; readonly above: number; readonly corner: number },
): number {
  if (filter === 1) return left
  if (filter === 2) return above
  if (filter === 3) return (left + above) >> 1
  if (filter !== 4) return 0
  const [byLeft, byAbove, byCorner] = [
    Math.abs(above - corner),
    Math.abs(left - corner),
    Math.abs(left + above - 2 * corner),
  ]
  if (byLeft <= byAbove && byLeft <= byCorner) return left
  return byAbove <= byCorner ? above : corner
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}
