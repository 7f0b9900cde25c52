// Why somebody who is signed in can do nothing, and what to do about it.
import type { Session } from '../../api/session.ts'
import { Banner } from '../../parts/shown/banner.tsx'

export function BarredNote({ session }: { readonly session: Session }) {
  const { barred, current, tenants, account } = session
  if (current !== null) return null
  if (barred === null && tenants.length === 0 && account.is_operator) return null
  const name = barred?.name === undefined ? 'the tenant you were in' : `“${barred.name}”`
  return (
    <Banner kind="warn">
      {barred?.reason === 'tenant_inactive' && (
        <p>Nobody can act in {name} now: the operator has suspended it or is removing it.</p>
      )}
      {barred?.reason === 'user_disabled' && (
        <p>You may not act in {name} any more. An admin there can let you in again.</p>
      )}
      {tenants.length > 0 ? (
        <p>Choose below where to go on.</p>
      ) : (
        <p>
          This account opens no {barred === null ? '' : 'other '}tenant. Ask an admin of a tenant for an
          invitation to {account.email}, and open its link here.
        </p>
      )}
    </Banner>
  )
}
