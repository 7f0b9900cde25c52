// Who did what, and whether the record is as it was written. In a tenant its own, in the deployment that of operators.
import { useSuspenseQuery } from '@tanstack/react-query'
import { DEPLOYMENT } from '../../api/place.ts'
import { may, placeOf, sessionQuery } from '../../api/session.ts'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { AuditList } from './audit/audit-list.tsx'
import { ChainCheck } from './audit/chain-check.tsx'
import { NotYours } from './not-yours.tsx'

export function AuditPage() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  const isDeployment = placeOf(session) === DEPLOYMENT
  if (!isDeployment && !may(session, 'audit:read')) return <NotYours title="Audit" />
  return (
    <>
      <PageHead
        title="Audit"
        lead={
          isDeployment
            ? 'What operators did in this deployment. Every call is one row, chained to the row before it.'
            : 'Who did what in this tenant and how it ended. Every call is one row, chained to the row before it.'
        }
      />
      <div className="mb-5 grid gap-3 lg:grid-cols-2">
        <ChainCheck
          of={isDeployment ? 'deployment' : 'tenant'}
          name={isDeployment ? 'verify_deployment_audit' : 'verify_audit'}
        />
        {!isDeployment && may(session, 'costs:read') && <ChainCheck of="ledger" name="verify_ledger" />}
      </div>
      <AuditList of={isDeployment ? 'deployment' : 'tenant'} />
    </>
  )
}
