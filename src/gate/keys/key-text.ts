// What an API key looks like: ghk_<id>_<secret>_<checksum> for users and services of a tenant, gho_… for operators.
// The checksum tells a mistyped key from a wrong one without asking anybody, and scanners a key from noise.
import { randomBytes, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const PREFIXES = { tenant: 'ghk', operator: 'gho' } as const

/** Whose key it is: it opens the doors of a tenant, or those of the deployment. */
export type KeyKind = keyof typeof PREFIXES

export interface KeyText {
  readonly kind: KeyKind
  /** The public part, which lists, logs and audit show. */
  readonly id: string
  readonly secret: string
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ID_LENGTH = 12
const SECRET_BYTES = 32
const KEY = /^(gh[ko])_([0-9A-Za-z]{12})_([\w-]{43})_([0-9A-Za-z]{6})$/

/** A new key; nothing of it is kept here. */
export function newKey(kind: KeyKind): KeyText & { readonly text: string } {
  const id = Array.from({ length: ID_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  const body = `${PREFIXES[kind]}_${id}_${secret}`
  return { kind, id, secret, text: `${body}_${checksumOf(body)}` }
}

/** Whether a credential means to be a key: no signed token begins like this. */
export function isKeyText(credential: string): boolean {
  return /^gh[ko]_/.test(credential)
}

/** The parts of a key, or undefined when it is not spelt like one. */
export function readKey(text: string): KeyText | undefined {
  const [, prefix, id = '', secret = '', checksum] = KEY.exec(text) ?? []
  if (prefix === undefined || checksumOf(text.slice(0, -7)) !== checksum) return undefined
  return { kind: prefix === PREFIXES.operator ? 'operator' : 'tenant', id, secret }
}

/** CRC-32 of what precedes it, in six digits of base 62. It guards against typing errors, not against forgers. */
function checksumOf(body: string): string {
  let rest = crc32(body)
  let digits = ''
  for (let place = 0; place < 6; place++) {
    digits = ALPHABET.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
