// A tier in the input of an operation on tenants: one of those that operators have made.
import { z } from 'zod'
import type { Reader } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'

export const tierRef = z.string().min(1).max(40)

/** `invalid_input` (`unknown_tier`) that names those there are. */
export async function requireTier(tx: Reader, tier: string): Promise<void> {
  // Locked as by the foreign key of the row that is about to name it: nobody deletes it in between.
  const found = await tx.first(sql`select from app.tier where id = ${tier} for key share`)
  if (found !== undefined) return
  const known = await tx.all(sql<{ id: string }>`select id from app.tier order by id`)
  const names = known.map(({ id }) => id).join(', ')
  throw fault('invalid_input', {
    reason: 'unknown_tier',
    say: `There is no tier "${tier}"; there are ${names}.`,
    issues: [{ field: 'tier', message: `must be one of ${names}` }],
  })
}
