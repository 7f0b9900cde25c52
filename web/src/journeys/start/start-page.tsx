// The beginning, for somebody who has read nothing: look around in the samples, or begin with own files; and whether
// everything works.
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { DEPLOYMENT } from '../../api/place.ts'
import { placeOf, sessionQuery } from '../../api/session.ts'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { BarredNote } from '../account/barred-note.tsx'
import { OwnFiles } from './own-files.tsx'
import { OwnTenant } from './own-tenant.tsx'
import { SampleTenants } from './sample-tenants.tsx'
import { SystemChecks } from './system-checks.tsx'
import { TenantChecks } from './tenant-checks.tsx'

const route = getRouteApi('/start')

export function StartPage() {
  const { make = false } = route.useSearch()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const place = placeOf(session)
  const isMaking = make && place === DEPLOYMENT
  return (
    <>
      <PageHead
        title={isMaking ? 'Your own tenant' : `Welcome, ${session.account.name}`}
        lead={
          isMaking
            ? 'A tenant holds the documents of one company or customer. Nobody outside of it reads any of them.'
            : 'Search documents and see why each hit is there; ask, and get answers with their sources; let agents do both, within what they may see and spend.'
        }
      />
      <div className="space-y-4">
        <BarredNote session={session} />
        {isMaking ? (
          <OwnTenant session={session} />
        ) : (
          <>
            <SampleTenants session={session} />
            <OwnFiles session={session} />
          </>
        )}
        {place === DEPLOYMENT && <SystemChecks />}
        {place !== undefined && place !== DEPLOYMENT && <TenantChecks />}
      </div>
    </>
  )
}
