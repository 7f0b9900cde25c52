// Tokens as an attacker makes them: by hand, with keys of one's own, since no library would sign most of these.
import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

export type Json = Record<string, unknown>
/** The signature over `header.payload`; empty for none. */
export type Signature = (input: string) => Buffer

/** A compact JWS with exactly this header, this payload and this signature. */
export function forge(header: Json, payload: Json | string, signature: Signature): string {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const input = `${encoded(JSON.stringify(header))}.${encoded(text)}`
  return `${input}.${signature(input).toString('base64url')}`
}

export const unsigned: Signature = () => Buffer.alloc(0)
export const hmac =
  (secret: string | Buffer): Signature =>
  input =>
    createHmac('sha256', secret).update(input).digest()
export const rsa =
  (key: KeyObject): Signature =>
  input =>
    sign('sha256', Buffer.from(input), key)

/** A key of the attacker's: as good as any, and known to nobody. */
export function ownKey() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

/** Header and payload of a token, unchecked. */
export function opened(token: string): { readonly header: Json; readonly payload: Json } {
  const [header = '', payload = ''] = token.split('.')
  return { header: decoded(header), payload: decoded(payload) }
}

/** The token with one character of its signature changed. */
export function bent(token: string): string {
  const at = token.lastIndexOf('.') + 10
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}

/** The genuine signature under other claims. */
export function withClaims(token: string, claims: Json): string {
  const [header = '', , signature = ''] = token.split('.')
  return `${header}.${encoded(JSON.stringify({ ...opened(token).payload, ...claims }))}.${signature}`
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64url')
}

function decoded(text: string): Json {
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Json
}
