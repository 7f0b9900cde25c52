// Who is signed in: the name, the places one may act in, the password, and the ways out.
import { useSuspenseQuery } from '@tanstack/react-query'
import { sessionQuery } from '../../api/session.ts'
import { Card } from '../../parts/shown/card.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { BarredNote } from './barred-note.tsx'
import { PasswordForm } from './password-form.tsx'
import { PlacesList } from './places-list.tsx'
import { SigningOut } from './signing-out.tsx'

export function AccountPage() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  const { name, email, is_operator } = session.account
  return (
    <>
      <PageHead title="Your account" />
      <div className="max-w-3xl space-y-4">
        <BarredNote session={session} />
        <Card title="You">
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 wrap-anywhere">
            <dt className="text-soft">Name</dt>
            <dd>
              <bdi>{name}</bdi>
            </dd>
            <dt className="text-soft">E-mail</dt>
            <dd>
              <bdi>{email}</bdi>
            </dd>
            <dt className="text-soft">Kind</dt>
            <dd>
              {is_operator ? 'Operator: administers this whole deployment' : 'User of the tenants below'}
            </dd>
          </dl>
        </Card>
        <PlacesList session={session} />
        <PasswordForm email={email} name={name} />
        <SigningOut session={session} />
      </div>
    </>
  )
}
