// What operators can ask about tokens and the keys that sign them.
import { createToken } from './create-token.ts'
import { listSigningKeys } from './list-signing-keys.ts'
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
  /** Makes new keys and revocations known to this process at once; absent where no token is checked. */
  readonly refreshTrust?: () => Promise<void>
  /** Takes up a new tenant seal key and returns its id; absent where the owner's login is. */
  readonly rotateSealKey?: (() => Promise<string>) | undefined
}

export function operations({ dataDir, publicUrl, refreshTrust, rotateSealKey: rotate }: IdentityDeps) {
  const privateKeys = keysOf(dataDir)
  // The change is made and on record: when this reading fails, the one of the next second follows.
  const changed = async (): Promise<void> => refreshTrust?.().catch(() => undefined)
  return [
    createToken({ privateKeys, publicUrl }),
    revokeToken({ changed }),
    rotateSigningKey({ privateKeys, changed }),
    listSigningKeys(),
    retireSigningKey({ privateKeys, changed }),
    rotateSealKey({ rotate }),
  ]
}
