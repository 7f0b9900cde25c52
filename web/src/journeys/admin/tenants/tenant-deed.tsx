// What an operator does with a tenant: each deed with its question and what it means.
import type { Tenant } from '../../../api/operations.gen.ts'
import type { Session } from '../../../api/session.ts'
import { AppointOwner } from './deeds/appoint-owner.tsx'
import { ChangeTenant } from './deeds/change-tenant.tsx'
import { RemoveTenant } from './deeds/remove-tenant.tsx'
import { ResumeTenant } from './deeds/resume-tenant.tsx'
import { SuspendTenant } from './deeds/suspend-tenant.tsx'

export type TenantDeedName = 'change' | 'owner' | 'suspend' | 'resume' | 'remove'

export interface TenantDeedProps {
  readonly tenant: Tenant
  readonly session: Session
  readonly onSaid: (words: string) => void
  readonly onRemoving: (tenant: Tenant) => void
  readonly onClose: () => void
}

const DEEDS = {
  change: ChangeTenant,
  owner: AppointOwner,
  suspend: SuspendTenant,
  resume: ResumeTenant,
  remove: RemoveTenant,
}

export function TenantDeed({ deed, ...props }: TenantDeedProps & { readonly deed: TenantDeedName }) {
  const Chosen = DEEDS[deed]
  return <Chosen {...props} />
}
