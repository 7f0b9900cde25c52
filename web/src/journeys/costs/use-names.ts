// What people call the users and keys that costs are told by. Who may not list them sees ids, as does whoever has left.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { operationQuery } from '../../api/operation-query.ts'
import { may, sessionQuery } from '../../api/session.ts'
import type { By } from './costs-params.ts'

export type NameOf = (of: By, id: string | null | undefined) => string

/** Of what has none. */
const NONE: Record<By, string> = {
  model: 'no model',
  user: 'nobody',
  label: 'without a label',
  operation: 'no operation',
  key: 'signed in, without a key',
  task: 'outside of tasks',
  step: 'no step',
}

const FRESH_MS = 300_000

export function useNames(): NameOf {
  const { data: session } = useSuspenseQuery(sessionQuery)
  const users = useQuery({
    ...operationQuery('list_users', { limit: 1000 }),
    enabled: may(session, 'users:read'),
    staleTime: FRESH_MS,
  })
  const keys = useQuery({
    ...operationQuery('list_api_keys', {}),
    enabled: may(session, 'keys:write'),
    staleTime: FRESH_MS,
  })
  const userNames = new Map(users.data?.users.map(({ id, name }) => [id, name]))
  const keyNames = new Map(keys.data?.keys.map(({ id, name }) => [id, name]))
  return (of, id) => {
    if (id === undefined) return 'all others'
    if (id === null) return NONE[of]
    if (of === 'user') return userNames.get(id) ?? id
    return of === 'key' ? (keyNames.get(id) ?? id) : id
  }
}
