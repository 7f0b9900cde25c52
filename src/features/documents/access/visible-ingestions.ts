// Which ingestions a caller hears of: those of documents it may read, and of its own those that have no document yet, or
// none any more. The rest have the names of files that may be nobody else's business.
import type { TenantPrincipal } from '../../../gate/call.ts'
import { readsOf } from '../../../gate/roles.ts'
import type { Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'

/** A condition on `app.ingestion i`, under the caller's seal. */
export function isVisible(principal: TenantPrincipal) {
  return sql<boolean>`(
    ${readsOf(principal) === 'all'}
    or (i.document_id is null or i.document_id not in (select app.closed_documents()))
      and (i.subject = ${principal.subject}
        or exists (select from app.document d where d.tenant_id = i.tenant_id and d.id = i.document_id)))`
}

/** Of these, the ones the caller hears of, and whether they have ended. */
export async function visibleOf(
  tx: Reader,
  principal: TenantPrincipal,
  ids: readonly string[],
): Promise<Map<string, { readonly isOver: boolean }>> {
  const rows = await tx.all(sql<{ id: string; is_over: boolean }>`
    select i.id, i.state in ('done', 'failed') as is_over from app.ingestion i
    where i.tenant_id = ${principal.tenantId} and i.id = any(${[...ids]}::uuid[]) and ${isVisible(principal)}`)
  return new Map(rows.map(({ id, is_over: isOver }) => [id, { isOver }]))
}
