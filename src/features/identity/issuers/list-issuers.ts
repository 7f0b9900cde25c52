// list_issuers: whose tokens are accepted beside our own, for which tenants and by which rules.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { issuerRows, issuerShape, shownIssuer } from './issuer-shape.ts'

export function listIssuers() {
  return defineOperation({
    name: 'list_issuers',
    title: 'List the trusted issuers',
    description: 'Lists the foreign issuers whose tokens are accepted, with their tenants and rules.',
    realm: 'deployment',
    access: 'read',
    input: z.strictObject({}),
    output: z.strictObject({ issuers: z.array(issuerShape) }),
    async run(_input, call) {
      const rows = await call.system('manage_issuers', tx => tx.all(issuerRows()))
      return { issuers: rows.map(shownIssuer) }
    },
  })
}
