// The keys of the place one is in: of a tenant its API keys, of the deployment what administers it and what signs.
import { useSuspenseQuery } from '@tanstack/react-query'
import { DEPLOYMENT } from '../../api/place.ts'
import { may, placeOf, sessionQuery } from '../../api/session.ts'
import { ApiKeys } from './keys/api-keys.tsx'
import { DeploymentKeys } from './keys/deployment-keys.tsx'
import { NotYours } from './not-yours.tsx'

export function KeysPage() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  if (placeOf(session) !== DEPLOYMENT && !may(session, 'keys:write')) return <NotYours title="API keys" />
  return placeOf(session) === DEPLOYMENT ? <DeploymentKeys /> : <ApiKeys session={session} />
}
