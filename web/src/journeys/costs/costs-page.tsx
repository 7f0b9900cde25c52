// The costs: of the whole tenant for those who may see them, and else the budgets that bind one's own calls.
import { useSuspenseQuery } from '@tanstack/react-query'
import { may, sessionQuery } from '../../api/session.ts'
import { OwnCosts } from './own-costs.tsx'
import { TenantCosts } from './tenant-costs.tsx'

export function CostsPage() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  return may(session, 'costs:read') ? <TenantCosts /> : <OwnCosts />
}
