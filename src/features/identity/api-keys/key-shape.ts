// How a key looks to those who list it, and how long one lives.
import { z } from 'zod'
import { fault, type Fault } from '../../../platform/faults.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 90
const MAX_DAYS = 365

/** For inputs. Null: without end. */
export const lifeInDays = z
  .int()
  .min(1)
  .max(MAX_DAYS)
  .nullable()
  .default(DEFAULT_DAYS)
  .describe('Days until the key ends; null: it has no end.')

/** For inputs: visible characters, none at either end. */
export const keyName = z
  .string()
  .regex(/^(?!\s)[^\p{C}\p{Zl}\p{Zp}]{1,100}(?<!\s)$/u, 'must be 1 to 100 visible characters')
  .describe('What the key is for; people tell keys apart by it.')

/** For inputs. */
export const keyId = z
  .string()
  .regex(/^[0-9A-Za-z]{12}$/, 'must be the id of a key: its 12 characters between the first two underscores')

export const listedKey = {
  id: z.string().describe('The part of the key between its first two underscores.'),
  name: z.string(),
  status: z.enum(['active', 'expired', 'revoked']),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable().describe('To the minute; null: never.'),
}

/** What a row of a key has, whosever it is. */
export interface ListedKeyRow {
  readonly id: string
  readonly name: string
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly last_used_at: Date | null
  readonly is_revoked: boolean
}

export function shownKey({ id, name, created_at, expires_at, last_used_at, is_revoked }: ListedKeyRow) {
  const isOver = expires_at !== null && expires_at.getTime() <= Date.now()
  return {
    id,
    name,
    status: is_revoked ? ('revoked' as const) : isOver ? ('expired' as const) : ('active' as const),
    created_at: created_at.toISOString(),
    expires_at: expires_at?.toISOString() ?? null,
    last_used_at: last_used_at?.toISOString() ?? null,
  }
}

/** Whoever has a stolen key must not be able to outlive its revocation by another. */
export function madeByKey(instead: string): Fault {
  return fault('forbidden', { reason: 'made_by_key', say: `A key cannot make keys: ${instead}.` })
}

export function endAfter(days: number | null): Date | null {
  return days === null ? null : new Date(Date.now() + days * DAY_MS)
}
