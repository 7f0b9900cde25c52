// All tenants, filtered by name; those that are being made or erased are looked at until they are.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { operationQuery } from '../../../api/operation-query.ts'
import type { Tenant } from '../../../api/operations.gen.ts'
import type { Session } from '../../../api/session.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { Said } from '../../../parts/forms/said.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { ErasedNote } from './erased-note.tsx'
import { TenantDeed, type TenantDeedName } from './tenant-deed.tsx'
import { TenantsTable } from './tenants-table.tsx'

const route = getRouteApi('/tenants')
const LOOK_AGAIN_MS = 5_000

export interface TenantsListProps {
  readonly session: Session
  /** What was done last. */
  readonly said: string
  readonly onSaid: (words: string) => void
}

export function TenantsList({ session, said, onSaid }: TenantsListProps) {
  const { find = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const [doing, setDoing] = useState<{ readonly deed: TenantDeedName; readonly tenant: Tenant }>()
  const [removed, setRemoved] = useState<Tenant>()
  const list = useQuery({
    ...operationQuery('list_tenants', {}),
    refetchInterval: ({ state }) =>
      state.data?.tenants.some(({ status }) => status === 'provisioning' || status === 'removing') === true
        ? LOOK_AGAIN_MS
        : false,
  })
  const all = list.data?.tenants ?? []
  const sought = find.toLowerCase()
  const shown = all.filter(({ name, slug, id }) => `${name} ${slug} ${id}`.toLowerCase().includes(sought))
  return (
    <>
      <div className="mb-3 max-w-sm">
        <TextField
          label="Find a tenant"
          isLabelUnseen
          type="search"
          placeholder="Name, short name or id"
          value={find}
          onChange={({ target }) =>
            void navigate({ search: target.value === '' ? {} : { find: target.value }, replace: true })
          }
        />
      </div>
      <Said>{said}</Said>
      {removed !== undefined && (
        <ErasedNote
          tenant={removed}
          isListed={all.some(({ id }) => id === removed.id)}
          onClose={() => setRemoved(undefined)}
        />
      )}
      {list.isError && <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Waiting what="the tenants" lines={5} />}
      {list.data !== undefined && shown.length === 0 && (
        <EmptyState
          title={all.length === 0 ? 'There are no tenants yet' : 'No tenant is called like that'}
          action={
            <Button onClick={() => void navigate({ search: all.length === 0 ? { make: true } : {} })}>
              {all.length === 0 ? 'Make the first one' : 'Show all'}
            </Button>
          }
        />
      )}
      {shown.length > 0 && (
        <TenantsTable
          tenants={shown}
          session={session}
          onDeed={(deed, tenant) => setDoing({ deed, tenant })}
        />
      )}
      {doing !== undefined && (
        <TenantDeed
          {...doing}
          session={session}
          onSaid={onSaid}
          onRemoving={tenant => {
            onSaid('')
            setRemoved(tenant)
          }}
          onClose={() => setDoing(undefined)}
        />
      )}
    </>
  )
}
