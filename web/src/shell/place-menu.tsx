// The tenant one is in, and the others one may go to. Going is a new page: nothing of the old place stays.
import { Building2, ChevronsUpDown, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { DEPLOYMENT } from '../api/place.ts'
import { goTo, placeOf, type Session, type Target, tenantOf } from '../api/session.ts'
import { Dialog } from '../parts/overlays/dialog.tsx'
import { Menu, type MenuItem } from '../parts/overlays/menu.tsx'
import { ProblemNote } from '../parts/shown/problem-note.tsx'

export function PlaceMenu({ session }: { readonly session: Session }) {
  const [problem, setProblem] = useState<unknown>()
  const place = placeOf(session)
  const go = (target: Target) => void goTo(target).catch(setProblem)
  const tenants = session.tenants.map<MenuItem>(({ tenant_id, name, role }, index) => ({
    key: tenant_id,
    words: (
      <>
        <span className="min-w-0 truncate">{name}</span>
        <span className="ml-auto pl-4 text-xs text-soft">{role}</span>
      </>
    ),
    isCurrent: place === tenant_id,
    act: () => go({ tenant: tenant_id }),
    ...(index === 0 ? { group: 'Tenants' } : {}),
  }))
  const deployment: MenuItem = {
    key: DEPLOYMENT,
    words: 'The deployment',
    group: 'For operators',
    isCurrent: place === DEPLOYMENT,
    act: () => go({ deployment: true }),
  }
  const items = session.account.is_operator ? [...tenants, deployment] : tenants
  const name = place === DEPLOYMENT ? 'The deployment' : (tenantOf(session)?.name ?? 'No tenant')
  const Icon = place === DEPLOYMENT ? ShieldCheck : Building2
  return (
    <>
      <Menu
        items={items}
        trigger={
          <button
            type="button"
            aria-label={`You are in ${name}. Go elsewhere`}
            title={name}
            className="flex min-h-9 min-w-0 items-center gap-2 rounded-md border border-line bg-card px-2 text-sm hover:bg-hover pointer-coarse:min-h-11"
          >
            <Icon size={14} aria-hidden="true" className="shrink-0 text-soft" />
            <span className="min-w-0 flex-1 truncate text-left">{name}</span>
            <ChevronsUpDown size={14} aria-hidden="true" className="shrink-0 text-soft" />
          </button>
        }
      />
      <Dialog title="You are still here" isOpen={problem !== undefined} onClose={() => setProblem(undefined)}>
        <ProblemNote problem={problem} />
      </Dialog>
    </>
  )
}
