// Where somebody came by an address to a page of another place than the one they are in: why, and the way on.
import { type ReactNode, useState } from 'react'
import { DEPLOYMENT } from '../api/place.ts'
import { goTo, placeOf, type Session, type Target } from '../api/session.ts'
import { Button, LinkButton } from '../parts/actions/button.tsx'
import { EmptyState } from '../parts/shown/empty-state.tsx'
import { PageHead } from '../parts/shown/page-head.tsx'
import { ProblemNote } from '../parts/shown/problem-note.tsx'
import { placeOfPage } from './places.ts'

export interface PageOfPlaceProps {
  readonly session: Session
  readonly pathname: string
  readonly children: ReactNode
}

/** The page, if it is one of the place that the session acts in. */
export function PageOfPlace({ session, pathname, children }: PageOfPlaceProps) {
  const place = placeOf(session)
  const of = placeOfPage(pathname)
  if (of === 'deployment' && place !== DEPLOYMENT) return <OfDeployment session={session} />
  if (of === 'tenant' && (place === undefined || place === DEPLOYMENT)) return <OfTenant session={session} />
  return children
}

function OfDeployment({ session }: { readonly session: Session }) {
  const { isOperator, ways } = session.account.is_operator
    ? { isOperator: true, ways: [{ words: 'Go to the deployment', target: { deployment: true } as const }] }
    : { isOperator: false, ways: [] }
  return (
    <Elsewhere title="This page is one of the deployment" ways={ways}>
      {isOperator ? 'You are in a tenant now.' : 'It is for operators, and you are none.'}
    </Elsewhere>
  )
}

function OfTenant({ session }: { readonly session: Session }) {
  const ways = session.tenants.map(({ tenant_id, name }) => ({
    words: `Go to ${name}`,
    target: { tenant: tenant_id },
  }))
  return (
    <Elsewhere title="This page is one of a tenant" ways={ways}>
      {ways.length === 0 ? 'You are a user of none.' : 'You are in none now.'}
    </Elsewhere>
  )
}

interface ElsewhereProps {
  readonly title: string
  readonly ways: readonly { readonly words: string; readonly target: Target }[]
  readonly children: string
}

function Elsewhere({ title, ways, children }: ElsewhereProps) {
  const [problem, setProblem] = useState<unknown>()
  const go = (target: Target) => {
    const { pathname, search } = window.location
    void goTo(target, pathname + search).catch(setProblem)
  }
  return (
    <>
      <PageHead title="Elsewhere" />
      {problem !== undefined && <ProblemNote problem={problem} />}
      <EmptyState
        title={title}
        action={
          <>
            {ways.map(({ words, target }, index) => (
              <Button key={words} look={index === 0 ? 'strong' : 'plain'} onClick={() => go(target)}>
                {words}
              </Button>
            ))}
            {ways.length === 0 && <LinkButton to="/">Go to the start</LinkButton>}
          </>
        }
      >
        {children}
      </EmptyState>
    </>
  )
}
