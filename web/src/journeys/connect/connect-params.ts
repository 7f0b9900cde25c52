// What stands in the address: which program, and what its token shall allow. Never the token.
import { CLIENTS } from './clients/clients.ts'

export interface ConnectParams {
  readonly client?: string
  /** In seconds. */
  readonly life?: number
  readonly scopes?: readonly string[]
}

/** A token lives a day at most; what must last longer is an API key's. */
export const LIVES: readonly { readonly seconds: number; readonly words: string }[] = [
  { seconds: 900, words: '15 minutes' },
  { seconds: 3_600, words: '1 hour' },
  { seconds: 28_800, words: '8 hours' },
  { seconds: 86_400, words: '1 day' },
]

/** What programs that act for somebody are given; each is offered to those who have it. */
export const OFFERED: readonly { readonly scope: string; readonly words: string; readonly hint: string }[] = [
  { scope: 'documents:read', words: 'Search and read', hint: 'documents that you may read' },
  { scope: 'documents:write', words: 'Add and delete', hint: 'documents of the tenant' },
  { scope: 'tasks:read', words: 'See tasks', hint: 'yours, and what they made' },
  { scope: 'tasks:write', words: 'Start tasks', hint: 'they act as you, and cost' },
]

const KNOWN = new Set(OFFERED.map(({ scope }) => scope))

export function connectParams(given: Record<string, unknown>): ConnectParams {
  const { client, life, scopes } = given
  const wanted: unknown[] = Array.isArray(scopes) ? scopes : []
  const known = wanted.filter((scope): scope is string => typeof scope === 'string' && KNOWN.has(scope))
  return {
    ...(CLIENTS.some(({ id }) => id === client) ? { client: String(client) } : {}),
    ...(LIVES.some(({ seconds }) => seconds === life) ? { life: Number(life) } : {}),
    ...(known.length > 0 ? { scopes: [...new Set(known)] } : {}),
  }
}

const STANDARD = ['documents:read', 'tasks:read', 'tasks:write']

/** What the token is asked for: what was chosen, or the usual, as far as the session may. */
export function scopesOf(chosen: readonly string[] | undefined, held: readonly string[]): readonly string[] {
  return (chosen ?? STANDARD).filter(scope => held.includes(scope))
}
