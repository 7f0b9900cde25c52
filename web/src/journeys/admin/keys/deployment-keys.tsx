// Keys of the deployment: with which programs administer it, and with which it signs the tokens of its tenants.
import { getRouteApi } from '@tanstack/react-router'
import { Views } from '../../../parts/actions/views.tsx'
import { PageHead } from '../../../parts/shown/page-head.tsx'
import { OperatorKeys } from './operator-keys.tsx'
import { SigningKeys } from './signing-keys.tsx'

const route = getRouteApi('/keys')

export function DeploymentKeys() {
  const { view } = route.useSearch()
  return (
    <>
      <PageHead
        title="Keys"
        lead="Operator keys administer this deployment through /api. Signing keys sign the access tokens of all tenants."
      />
      <Views
        of="Kinds of keys"
        views={[
          { label: 'Operator keys', to: { to: '/keys', search: {} }, isCurrent: view === undefined },
          {
            label: 'Signing keys',
            to: { to: '/keys', search: { view: 'signing' } },
            isCurrent: view === 'signing',
          },
        ]}
      />
      {view === 'signing' ? <SigningKeys /> : <OperatorKeys />}
    </>
  )
}
