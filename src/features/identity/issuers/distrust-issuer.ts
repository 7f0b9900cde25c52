// distrust_issuer: the tokens of an issuer are refused from now on, and its rules forgotten.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { issuerName } from './issuer-shape.ts'

export function distrustIssuer({ changed }: { changed: () => Promise<void> }) {
  return defineOperation({
    name: 'distrust_issuer',
    title: 'Distrust an issuer',
    description: 'Refuses the tokens of a foreign issuer from now on. All processes know within two seconds.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({ issuer: issuerName }),
    output: z.strictObject({ issuer: z.string(), status: z.literal('distrusted') }),
    async run({ issuer }, call) {
      call.about(`issuer:${issuer}`)
      await call.system('manage_issuers', async tx => {
        const removed = await tx.run(sql`delete from app.trusted_issuer where issuer = ${issuer}`)
        if (removed === 0)
          throw fault('not_found', { say: `${issuer} is not a trusted issuer; list_issuers names them.` })
      })
      await changed()
      return { issuer, status: 'distrusted' as const }
    },
  })
}
