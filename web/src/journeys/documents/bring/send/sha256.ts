// SHA-256 of bytes that come in pieces (FIPS 180-4). The browser's own wants a file whole in memory, and is not there at all
// on a page without https.

const K = constants(64, 3)
const FIRST = constants(8, 2)
const BLOCK = 64

export interface Sha256 {
  update(bytes: Uint8Array): void
  /** Lower-case hex; nothing can be added afterwards. */
  hex(): string
}

export function sha256(): Sha256 {
  const state = Uint32Array.from(FIRST)
  const words = new Uint32Array(64)
  const rest = new Uint8Array(BLOCK)
  let held = 0
  let length = 0

  function update(bytes: Uint8Array): void {
    length += bytes.length
    let at = 0
    while (at < bytes.length) {
      const taken = Math.min(BLOCK - held, bytes.length - at)
      rest.set(bytes.subarray(at, at + taken), held)
      held += taken
      at += taken
      if (held < BLOCK) return
      mix(state, words, rest)
      held = 0
    }
  }

  return {
    update,
    hex() {
      const bits = length * 8
      const padding = new Uint8Array((held < 56 ? 56 : 120) - held + 8)
      padding[0] = 0x80
      const view = new DataView(padding.buffer)
      view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32))
      view.setUint32(padding.length - 4, bits % 2 ** 32)
      update(padding)
      return [...state].map(word => word.toString(16).padStart(8, '0')).join('')
    },
  }
}

function mix(state: Uint32Array, words: Uint32Array, block: Uint8Array): void {
  const view = new DataView(block.buffer, block.byteOffset, BLOCK)
  for (let at = 0; at < 16; at++) words[at] = view.getUint32(at * 4)
  for (let at = 16; at < 64; at++) {
    const a = words[at - 15] ?? 0
    const b = words[at - 2] ?? 0
    const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)
    const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10)
    words[at] = ((words[at - 16] ?? 0) + s0 + (words[at - 7] ?? 0) + s1) | 0
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let at = 0; at < 64; at++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
    const one = (h + s1 + ((e & f) ^ (~e & g)) + (K[at] ?? 0) + (words[at] ?? 0)) | 0
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  for (const [at, word] of [a, b, c, d, e, f, g, h].entries()) state[at] = ((state[at] ?? 0) + word) | 0
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

/** The first 32 bits of the fractions of square or cube roots of the first primes, as the standard makes them. */
function constants(count: number, root: 2 | 3): Uint32Array {
  const found: number[] = []
  for (let prime = 2; found.length < count; prime++) {
    let divisor = 2
    while (divisor * divisor <= prime && prime % divisor !== 0) divisor++
    if (divisor * divisor > prime) found.push(fraction(prime ** (1 / root)))
  }
  return Uint32Array.from(found)
}

function fraction(number: number): number {
  return ((number - Math.floor(number)) * 2 ** 32) >>> 0
}
