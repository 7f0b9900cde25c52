// The access that comes with a document: checked before its text is written, and written down with it in one
// transaction, so that nobody ever finds the text without its list.
import type { TenantPrincipal } from '../../../gate/call.ts'
import { readsOf } from '../../../gate/roles.ts'
import type { Reader, Writer } from '../../../platform/db/database.ts'
import type { Published } from '../versions/publish-version.ts'
import { checkedAccess, type AccessList, type GivenAccess } from './access-list.ts'
import { setAccess } from './set-access.ts'

/** Undefined when none is given. Throws as `checkedAccess`. */
export async function givenAccess(
  tx: Reader,
  principal: TenantPrincipal,
  { access }: { readonly access?: GivenAccess | undefined },
): Promise<AccessList | undefined> {
  if (access === undefined) return undefined
  const { tenantId, subject } = principal
  return checkedAccess(tx, { tenantId, subject, reads: readsOf(principal) }, access)
}

/** What was published, with the change of access reckoned in. What is superseded changes nothing. */
export async function giveAccess(
  tx: Writer,
  tenantId: string,
  published: Published,
  access: AccessList | undefined,
): Promise<Published> {
  const { outcome, documentId } = published
  if (access === undefined || outcome === 'superseded') return published
  const isChanged = await setAccess(tx, { tenantId, documentId }, access)
  return isChanged && outcome === 'unchanged' ? { ...published, outcome: 'updated' } : published
}
