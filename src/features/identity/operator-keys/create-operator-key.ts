// create_operator_key: a key with which an operator is known to /api from elsewhere than this host. Shown once.
import { z } from 'zod'
import { keepSecret } from '../../../gate/keys/key-secret.ts'
import { newKey } from '../../../gate/keys/key-text.ts'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { SUBJECT_OF_KEY } from '../../../gate/keys/check-key.ts'
import { endAfter, keyName, lifeInDays, madeByKey } from '../api-keys/key-shape.ts'

export function createOperatorKey({ changed }: { changed: () => Promise<void> }) {
  return defineOperation({
    name: 'create_operator_key',
    title: 'Create an operator key',
    description:
      'Makes a key that administers the whole deployment through /api. It is shown once and not stored; revoke_operator_key ends it. A key cannot make keys.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({ name: keyName, expires_in_days: lifeInDays }),
    output: z.strictObject({
      key: z.string().describe('Shown this once.'),
      id: z.string(),
      name: z.string(),
      expires_at: z.iso.datetime().nullable(),
    }),
    async run({ name, expires_in_days: days }, call) {
      if (call.principal.subject.startsWith(SUBJECT_OF_KEY))
        throw madeByKey('sign in, or run this on the host of the server')
      const { id, text, secret } = newKey('operator')
      const { salt, secretHash } = keepSecret(secret)
      const expiresAt = endAfter(days)
      call.about(`operator_key:${id}`)
      await call.system('manage_people', tx =>
        tx.run(sql`
          insert into app.key_standing (id, user_id, scopes, salt, secret_hash, name, expires_at)
          values (${id}, ${`${SUBJECT_OF_KEY}${id}`}, '{}', ${salt}, ${secretHash}, ${name}, ${expiresAt})`),
      )
      await changed()
      return { key: text, id, name, expires_at: expiresAt?.toISOString() ?? null }
    },
  })
}
