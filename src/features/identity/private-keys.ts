// The private halves of the signing keys: files of this host, one a key, readable by their owner alone. They are
// never in the database, so neither a dump of it nor injected SQL can sign a token.
import { importJWK, type CryptoKey, type JWK } from 'jose'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { TOKEN_ALGORITHM } from '../../gate/tokens/access-token.ts'
import { fault } from '../../platform/faults.ts'
import { refuseReadableByOthers, writePrivateFile } from '../../platform/private-file.ts'

export interface PrivateKeys {
  write(kid: string, jwk: JWK): Promise<void>
  /** The key to sign with; undefined when this host does not have it. */
  read(kid: string): Promise<CryptoKey | undefined>
  remove(kid: string): Promise<void>
}

const PrivateJwk = z.looseObject({ kty: z.literal('RSA'), n: z.string(), e: z.string(), d: z.string() })

export function privateKeys(dataDir: string): PrivateKeys {
  const pathOf = (kid: string): string => {
    // A kid reaches this point from the database or an operator; it must name a file in this folder and no other.
    if (!/^[A-Za-z0-9_-]{8,64}$/.test(kid))
      throw fault('invalid_input', { say: 'That is not the name of a signing key.' })
    return join(dataDir, 'keys', 'signing', `${kid}.json`)
  }
  return {
    write: (kid, jwk) => writePrivateFile(pathOf(kid), `${JSON.stringify(jwk)}\n`),
    async read(kid) {
      const text = await privateText(pathOf(kid))
      return text === undefined ? undefined : imported(text, pathOf(kid))
    },
    remove: kid => rm(pathOf(kid), { force: true }),
  }
}

async function privateText(path: string): Promise<string | undefined> {
  try {
    await refuseReadableByOthers(path)
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function imported(text: string, path: string): Promise<CryptoKey> {
  try {
    return await importJWK(PrivateJwk.parse(JSON.parse(text)), TOKEN_ALGORITHM)
  } catch {
    // Without the cause: it may quote the file.
    throw fault('internal', { detail: `${path} does not hold a private RSA key` })
  }
}
