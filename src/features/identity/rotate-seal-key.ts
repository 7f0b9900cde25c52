// rotate_seal_key: tenant seals are signed with a new key from the next transaction on.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { fault } from '../../platform/faults.ts'

export interface RotateSealKeyDeps {
  /** Makes, publishes and takes up the key, and returns its id; absent without the owner's login. */
  readonly rotate: (() => Promise<string>) | undefined
}

export function rotateSealKey({ rotate }: RotateSealKeyDeps) {
  return defineOperation({
    name: 'rotate_seal_key',
    title: 'Rotate the tenant seal key',
    description:
      'Signs tenant seals with a new key from the next transaction on. The key before stays accepted until the next rotation.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({}),
    output: z.strictObject({ seal_key_id: z.string() }),
    async run(_input, call) {
      if (rotate === undefined) {
        throw fault('unsupported', {
          say: 'This process has no DATABASE_OWNER_URL, so it cannot tell the database of a new key.',
        })
      }
      const id = await rotate()
      call.about(`seal_key:${id}`)
      return { seal_key_id: id }
    },
  })
}
