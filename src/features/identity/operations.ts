// What can be asked about credentials: tokens, the keys that sign them, API keys, and the issuers that are trusted.
import { issuerOf } from '../../gate/tokens/audience.ts'
import { createApiKey } from './api-keys/create-api-key.ts'
import { listApiKeys } from './api-keys/list-api-keys.ts'
import { revokeApiKey } from './api-keys/revoke-api-key.ts'
import type { TokenTrust } from '../../gate/tokens/token-trust.ts'
import type { Database } from '../../platform/db/database.ts'
import { createToken } from './create-token.ts'
import { distrustIssuer } from './issuers/distrust-issuer.ts'
import { listIssuers } from './issuers/list-issuers.ts'
import { trustIssuer, type TrustIssuerDeps } from './issuers/trust-issuer.ts'
import { listSigningKeys } from './list-signing-keys.ts'
import { createOperatorKey } from './operator-keys/create-operator-key.ts'
import { listOperatorKeys } from './operator-keys/list-operator-keys.ts'
import { revokeOperatorKey } from './operator-keys/revoke-operator-key.ts'
import { createOwnToken } from './own-tokens/create-own-token.ts'
import { revokeOwnToken } from './own-tokens/revoke-own-token.ts'
import { privateKeys as keysOf } from './private-keys.ts'
import { retireSigningKey } from './retire-signing-key.ts'
import { revokeToken } from './revoke-token.ts'
import { rotateSealKey } from './rotate-seal-key.ts'
import { rotateSigningKey } from './rotate-signing-key.ts'

export interface IdentityDeps {
  /** The folder that holds the private keys, below keys/signing. */
  readonly dataDir: string
  /** Decides the issuer and the audiences of the tokens. */
  readonly publicUrl: string
  readonly database: Pick<Database, 'system'>
  /** The keys that tokens are signed and verified with. */
  readonly trust: Pick<TokenTrust, 'activeKid' | 'key'>
  /** Makes new keys and revocations known to this process at once; absent where no token is checked. */
  readonly refreshTrust?: () => Promise<void>
  /** Fetches the keys of an issuer that is to be trusted, and answers their names. */
  readonly probeIssuer: TrustIssuerDeps['probe']
  /** Takes up a new tenant seal key and returns its id; absent where the owner's login is. */
  readonly rotateSealKey?: (() => Promise<string>) | undefined
}

export function operations({
  dataDir,
  publicUrl,
  database,
  trust,
  refreshTrust,
  probeIssuer: probe,
  rotateSealKey: rotate,
}: IdentityDeps) {
  const privateKeys = keysOf(dataDir)
  // The change is made and on record: when this reading fails, the one of the next second follows.
  const changed = async (): Promise<void> => refreshTrust?.().catch(() => undefined)
  const ownIssuer = issuerOf(publicUrl)
  return [
    createToken({ privateKeys, publicUrl }),
    revokeToken({ ownIssuer, changed }),
    createOwnToken({ privateKeys, publicUrl, activeKid: () => trust.activeKid() }),
    revokeOwnToken({ database, key: kid => trust.key(kid), changed }),
    rotateSigningKey({ privateKeys, changed }),
    listSigningKeys(),
    retireSigningKey({ privateKeys, changed }),
    rotateSealKey({ rotate }),
    createApiKey({ changed }),
    listApiKeys(),
    revokeApiKey({ changed }),
    createOperatorKey({ changed }),
    listOperatorKeys(),
    revokeOperatorKey({ changed }),
    trustIssuer({ ownIssuer, probe, changed }),
    listIssuers(),
    distrustIssuer({ changed }),
  ]
}
