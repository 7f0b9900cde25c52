// The tenants of the deployment and the tiers they are in.
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { type Session, sessionQuery } from '../../api/session.ts'
import { Button } from '../../parts/actions/button.tsx'
import { Views } from '../../parts/actions/views.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'
import type { MadeTenant } from './tenants/making/make-tenant.ts'
import { NewTenant } from './tenants/making/new-tenant.tsx'
import { OwnerLink } from './tenants/making/owner-link.tsx'
import { TenantsList } from './tenants/tenants-list.tsx'
import { TiersList } from './tenants/tiers/tiers-list.tsx'

const route = getRouteApi('/tenants')

export function TenantsPage() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  return <Tenants session={session} />
}

function Tenants({ session }: { readonly session: Session }) {
  const { view, make = false } = route.useSearch()
  const navigate = route.useNavigate()
  const [made, setMade] = useState<MadeTenant>()
  const [said, setSaid] = useState('')
  const close = () => void navigate({ search: ({ make: _, ...rest }) => rest })
  return (
    <>
      <PageHead
        title="Tenants"
        lead="Each is a partition of its own: nobody, and no operator, reads across. Here they are made, limited, suspended and erased."
        actions={
          <Button look="strong" onClick={() => void navigate({ search: old => ({ ...old, make: true }) })}>
            <Plus size={14} aria-hidden="true" /> New tenant
          </Button>
        }
      />
      <Views
        of="Tenants and tiers"
        views={[
          { label: 'Tenants', to: { to: '/tenants', search: {} }, isCurrent: view === undefined },
          { label: 'Tiers', to: { to: '/tenants', search: { view: 'tiers' } }, isCurrent: view === 'tiers' },
        ]}
      />
      {view === 'tiers' ? <TiersList /> : <TenantsList session={session} said={said} onSaid={setSaid} />}
      {make && (
        <NewTenant
          session={session}
          onClose={close}
          onMade={done => {
            setMade(done)
            setSaid(`${done.tenant.name} is made.`)
            close()
          }}
        />
      )}
      <OwnerLink made={made?.owner} name={made?.tenant.name ?? ''} />
    </>
  )
}
