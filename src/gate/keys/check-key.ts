// A presented key: is it spelt right, known, its secret the right one, and does it still stand. In this order, and the
// same is said for a key nobody has and for a wrong secret.
import type { DeploymentPrincipal, TenantPrincipal } from '../call.ts'
import { unauthenticated } from '../tokens/unauthenticated.ts'
import { isSecretOf } from './key-secret.ts'
import { ID_OF_KEY, type KeyStanding, type KeyStandings } from './key-standings.ts'
import { readKey, type KeyKind } from './key-text.ts'

export interface KeyCheckOptions {
  readonly standings: Pick<KeyStandings, 'find'>
  /** Reads again, now and then, for a key that was made a moment ago. */
  readonly look: () => Promise<void>
  /** Told of every key that was let in. */
  readonly noteUse: (key: KeyStanding) => void
  /** Milliseconds since 1970; Date.now by default. */
  readonly clock?: () => number
}

export interface KeyCheck {
  /** The user or service whose key this is. Throws `unauthenticated`. */
  tenant(text: string): Promise<TenantPrincipal>
  /** The operator whose key this is. Throws `unauthenticated`. */
  operator(text: string): Promise<DeploymentPrincipal>
}

/** What the subject of an operator that came with a key begins with. */
export const SUBJECT_OF_KEY = 'operator:key:'

/** The end of a key without one, in seconds since 1970: the last second a four-digit year can say. */
const FAR = 253_402_300_799

export function keyCheck({ standings, look, noteUse, clock = Date.now }: KeyCheckOptions): KeyCheck {
  async function standing(text: string, kind: KeyKind): Promise<KeyStanding> {
    const key = readKey(text)
    if (key === undefined) throw unauthenticated('invalid', 'no key is spelt like this')
    if (key.kind !== kind) throw unauthenticated('wrong_audience', `a key of the kind ${key.kind}`)
    if (standings.find(key.id) === undefined) await look()
    const found = standings.find(key.id)
    if (!isSecretOf(key.secret, found) || found === undefined) throw unauthenticated('invalid', 'unknown key')
    if ((found.tenantId === null) !== (kind === 'operator'))
      throw unauthenticated('invalid', 'a key of another kind')
    if (found.isRevoked) throw unauthenticated('revoked')
    if (found.endsAt <= clock()) throw unauthenticated('expired')
    noteUse(found)
    return found
  }
  return {
    async tenant(text) {
      const { id, tenantId, subject, scopes, endsAt } = await standing(text, 'tenant')
      return Object.freeze({
        realm: 'tenant',
        tenantId: String(tenantId),
        subject,
        scopes,
        tokenId: `${ID_OF_KEY}${id}`,
        expiresAt: Math.min(FAR, Math.floor(endsAt / 1000)),
      })
    },
    async operator(text) {
      const { id } = await standing(text, 'operator')
      return Object.freeze({ realm: 'deployment', subject: `${SUBJECT_OF_KEY}${id}` })
    },
  }
}
