// How a signing key comes into being: generated off the event loop, its private half put on disk first, so that no
// active key ever lacks it, then its public half made active in one transaction.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { SigningKeyRow } from '../../gate/tokens/signing-keys.ts'
import { MAX_LIFETIME_S, TOKEN_ALGORITHM } from '../../gate/tokens/access-token.ts'
import type { Database, Writer } from '../../platform/db/database.ts'
import { sql, tables } from '../../platform/db/statements.ts'
import { Fault, fault } from '../../platform/faults.ts'
import type { PrivateKeys } from './private-keys.ts'

const app = tables<{ signing_key: Omit<SigningKeyRow, 'created_at'> }>()
export const activeKey = app.selectFrom('signing_key').select('kid').where('status', '=', 'active')

const MODULUS_BITS = 2048

export interface NewSigningKey {
  readonly kid: string
  readonly publicJwk: JWK
}

/** Generates a key and keeps its private half on this host. It signs nothing before `activate`. */
export async function newSigningKey(privateKeys: PrivateKeys): Promise<NewSigningKey> {
  const pair = await generateKeyPair(TOKEN_ALGORITHM, { modulusLength: MODULUS_BITS, extractable: true })
  const publicJwk = await exportJWK(pair.publicKey)
  // From the key's own thumbprint (RFC 7638), in hex: a name that begins with a hyphen would read as an option.
  const kid = `key-${Buffer.from(await calculateJwkThumbprint(publicJwk), 'base64url')
    .toString('hex')
    .slice(0, 24)}`
  await privateKeys.write(kid, {
    ...(await exportJWK(pair.privateKey)),
    kid,
    alg: TOKEN_ALGORITHM,
    use: 'sig',
  })
  return { kid, publicJwk }
}

export interface ActivationDeps {
  readonly system: Database['system']
  readonly privateKeys: PrivateKeys
}

/**
 * Makes the key the active one, in the transaction in which `before` ran. The unique index on the active status
 * lets one of several processes through; the others get `conflict`, and their key is thrown away.
 */
export async function activate(
  key: NewSigningKey,
  { system, privateKeys }: ActivationDeps,
  before: (tx: Writer) => Promise<void> = async () => undefined,
): Promise<void> {
  try {
    await system('manage_keys', async tx => {
      await before(tx)
      const row = { kid: key.kid, public_jwk: key.publicJwk, status: 'active' as const, accepted_until: null }
      await tx.run(app.insertInto('signing_key').values(row))
    })
  } catch (error) {
    // After any other error the commit may have happened all the same: then the file is needed.
    if (!(error instanceof Fault && error.code === 'conflict')) throw error
    await privateKeys.remove(key.kid)
    throw fault('conflict', {
      reason: 'rotated_meanwhile',
      say: 'Another process made a new signing key at the same moment; that one is active now.',
      because: error,
    })
  }
}

/** Ends the signing of the active key; what it signed is accepted for as long as a token can live. */
export async function retireActive(tx: Writer): Promise<void> {
  await tx.run(
    app
      .updateTable('signing_key')
      .set({
        status: 'retiring',
        accepted_until: sql<Date>`now() + make_interval(secs => ${MAX_LIFETIME_S})`,
      })
      .where('status', '=', 'active'),
  )
}
