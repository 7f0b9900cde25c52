// Links that work once: to begin with (there is no operator yet) and to choose a new password. The code is shown to
// whoever asked for the link and stands in no table; using it is one conditional update, so that of two who try at the
// same moment one fails.
import type { Writer } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import { fault, type Fault } from '../../platform/faults.ts'
import { digestOfCode, newSecretCode } from './secret-code.ts'

export type LinkPurpose = 'first_run' | 'reset'

export interface OneTimeLink {
  readonly code: string
  readonly expiresAt: Date
}

/** Makes a link; earlier ones for the same thing die. `tx` is a system transaction, as in all of these. */
export async function newLink(
  tx: Writer,
  {
    purpose,
    accountId = null,
    lifetimeS,
  }: { purpose: LinkPurpose; accountId?: string | null; lifetimeS: number },
): Promise<OneTimeLink> {
  const { text, digest } = newSecretCode()
  await tx.run(sql`
    delete from app.sign_in_link
    where expires_at < now() or purpose = ${purpose} and account_id is not distinct from ${accountId}::uuid`)
  const made = await tx.first(sql<{ expires_at: Date }>`
    insert into app.sign_in_link (token_hash, purpose, account_id, expires_at)
    values (${digest}, ${purpose}, ${accountId}::uuid, now() + make_interval(secs => ${lifetimeS}::int))
    returning expires_at`)
  if (made === undefined) throw new Error('an insert returned no row')
  return { code: text, expiresAt: made.expires_at }
}

/** Uses the link up within a transaction that does what it is for; answers whose it is. */
export async function useLink(
  tx: Writer,
  purpose: LinkPurpose,
  code: string,
): Promise<{ readonly accountId: string | null }> {
  const digest = digestOfCode(code)
  if (digest === undefined) throw deadLink()
  // The account first, as everybody does: two who held one of them each would wait for each other.
  await tx.run(sql`
    select from app.account a join app.sign_in_link l on l.account_id = a.id
    where l.token_hash = ${digest} for no key update of a`)
  const used = await tx.first(sql<{ account_id: string | null }>`
    update app.sign_in_link set used_at = now()
    where token_hash = ${digest} and purpose = ${purpose} and used_at is null and expires_at > now()
    returning account_id`)
  if (used === undefined) throw deadLink()
  return { accountId: used.account_id }
}

/** One answer for a link that was used, has expired or never was. */
export function deadLink(): Fault {
  return fault('forbidden', {
    reason: 'dead_link',
    say: 'This link was used already or has expired; ask for a new one.',
  })
}
