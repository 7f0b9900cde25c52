// Tenants in rows.
import type { Tenant } from '../../../api/operations.gen.ts'
import { goTo, type Session } from '../../../api/session.ts'
import { RowMenu } from '../../../parts/actions/row-menu.tsx'
import type { MenuItem } from '../../../parts/overlays/menu.tsx'
import { Badge } from '../../../parts/shown/badge.tsx'
import { type Column, Table } from '../../../parts/shown/table.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import type { TenantDeedName } from './tenant-deed.tsx'

const TONES = { active: 'good', provisioning: 'accent', suspended: 'warn', removing: 'wrong' } as const

export interface TenantsTableProps {
  readonly tenants: readonly Tenant[]
  readonly session: Session
  readonly onDeed: (deed: TenantDeedName, tenant: Tenant) => void
}

export function TenantsTable({ tenants, session, onDeed }: TenantsTableProps) {
  const columns: Column<Tenant>[] = [
    {
      key: 'name',
      head: 'Name',
      cell: ({ name, slug }) => (
        <div className="min-w-40 wrap-anywhere">
          <bdi className="font-medium">{name}</bdi>
          <p className="font-mono text-xs text-soft">{slug}</p>
        </div>
      ),
    },
    { key: 'tier', head: 'Tier', cell: ({ tier }) => tier },
    { key: 'status', head: 'Status', cell: ({ status }) => <Badge tone={TONES[status]}>{status}</Badge> },
    {
      key: 'since',
      head: 'Since',
      cell: ({ created_at }) => <Time at={created_at} form="day" />,
      isMinor: true,
    },
    {
      key: 'id',
      head: 'Id',
      cell: ({ id }) => <code className="font-mono text-2xs text-soft">{id}</code>,
      isMinor: true,
    },
    {
      key: 'deeds',
      head: <span className="unseen">What to do</span>,
      isPinned: true,
      cell: tenant => {
        const isMember = session.tenants.some(({ tenant_id }) => tenant_id === tenant.id)
        return <RowMenu of={tenant.name} items={deedsFor(tenant, isMember, deed => onDeed(deed, tenant))} />
      },
    },
  ]
  return <Table caption="Tenants of the deployment" rows={tenants} columns={columns} keyOf={({ id }) => id} />
}

function deedsFor(
  { id, status }: Tenant,
  isMember: boolean,
  act: (deed: TenantDeedName) => void,
): MenuItem[] {
  const item = (key: TenantDeedName, words: string, isDanger = false): MenuItem => ({
    key,
    words,
    isDanger,
    act: () => act(key),
  })
  const remove = item('remove', status === 'removing' ? 'Order the removal again…' : 'Remove…', true)
  if (status === 'removing') return [remove]
  return [
    ...(isMember && status === 'active'
      ? [
          {
            key: 'go',
            words: 'Go there',
            act: () => void goTo({ tenant: id }).catch(() => window.location.reload()),
          },
        ]
      : []),
    item('change', 'Change name and tier…'),
    ...(status === 'active'
      ? [item('owner', 'Appoint the first owner…'), item('suspend', 'Suspend…', true)]
      : []),
    ...(status === 'suspended' ? [item('resume', 'Resume…')] : []),
    remove,
  ]
}
