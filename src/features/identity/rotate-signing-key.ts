// rotate_signing_key: a new key signs from now on; what the old one signed stays good until it expires.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { activate, activeKey, newSigningKey, retireActive } from './new-signing-key.ts'
import type { PrivateKeys } from './private-keys.ts'

export interface RotateDeps {
  readonly privateKeys: PrivateKeys
  /** Makes the change known to this process at once; the others learn it within a second. */
  readonly changed: () => Promise<void>
}

export function rotateSigningKey({ privateKeys, changed }: RotateDeps) {
  return defineOperation({
    name: 'rotate_signing_key',
    title: 'Rotate the signing key',
    description:
      'Makes a new key that signs all tokens from now on. Tokens signed by the key before it are accepted until they expire. Makes the first key when there is none.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({}),
    output: z.strictObject({ kid: z.string(), retiring: z.string().nullable() }),
    async run(_input, call) {
      const key = await newSigningKey(privateKeys)
      call.about(`signing_key:${key.kid}`)
      let retiring: string | null = null
      await activate(key, { system: call.system, privateKeys }, async tx => {
        retiring = (await tx.first(activeKey))?.kid ?? null
        await retireActive(tx)
      })
      await changed()
      return { kid: key.kid, retiring }
    },
  })
}
