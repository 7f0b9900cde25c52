// Who may read a document, as it is typed: everyone, or user:ada,group:Partners.
import { fault } from '../../../platform/faults.ts'

export type TypedAccess = 'everyone' | { readonly users: string[]; readonly groups: string[] }

/** Whoever acts for an operator is on no list: it may set one only if it reads all documents. */
export const SETTING_ACCESS = ['documents:read', 'documents:write', 'documents:read_all'] as const

/** Throws `invalid_input` for anything else. A name with a comma in it is set over the API. */
export function parseAccess(text: string): TypedAccess {
  if (text === 'everyone') return text
  const members = text.split(',').map(part => part.trim())
  const named = (kind: string) =>
    members.flatMap(one => (one.startsWith(kind) && one.length > kind.length ? [one.slice(kind.length)] : []))
  const users = named('user:')
  const groups = named('group:')
  if (users.length + groups.length === members.length) return { users, groups }
  throw fault('invalid_input', {
    say: `--access takes everyone, or users and groups such as user:ada,group:Partners; got ${text}.`,
  })
}
