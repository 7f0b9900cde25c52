// Connecting a program: which one, a fresh token for it, the text to paste, and a try of the very same way.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { type Session, sessionQuery } from '../../api/session.ts'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { ClientList } from './client-list.tsx'
import { clientOf } from './clients/clients.ts'
import { scopesOf } from './connect-params.ts'
import { publicAddress } from './public-address.ts'
import { SnippetCard } from './snippet-card.tsx'
import { TestCard } from './test-card.tsx'
import { type MadeToken, TokenCard } from './token-card.tsx'

const route = getRouteApi('/connect')

export function ConnectPage() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  return <Connect session={session} />
}

function Connect({ session }: { readonly session: Session }) {
  const { client: id, life = 3_600, scopes: chosen } = route.useSearch()
  const navigate = route.useNavigate()
  const address = useQuery(publicAddress)
  // One for each door. They live as long as this page: nothing of them is kept in the browser.
  const [made, setMade] = useState<Readonly<Record<string, MadeToken | undefined>>>({})
  const client = clientOf(id)
  const { audience } = client
  const held = heldBy(session)
  const token = made[audience]
  const url = token === undefined ? (address.data ?? window.location.origin) : addressIn(token)
  return (
    <>
      <PageHead
        title="Connect"
        lead="Let a program work with the documents of this tenant: as you, and with no more than you allow it."
      />
      <div className="grid gap-4 lg:grid-cols-[13rem_minmax(0,1fr)]">
        <ClientList current={client} />
        <div className="min-w-0 space-y-4">
          <TokenCard
            {...{ audience, life, held }}
            scopes={scopesOf(chosen, held)}
            token={token}
            onChoose={more => void navigate({ search: old => ({ ...old, ...more }), replace: true })}
            onMade={next => setMade(old => ({ ...old, [audience]: next }))}
          />
          <SnippetCard client={client} url={url} token={token?.token} />
          <TestCard key={`${audience} ${token?.token_id ?? ''}`} audience={audience} token={token?.token} />
        </div>
      </div>
    </>
  )
}

function heldBy({ current }: Session): readonly string[] {
  return current !== null && 'scopes' in current ? current.scopes : []
}

/** What the token is for is the address that programs are to use, and a path. */
function addressIn({ audience }: MadeToken): string {
  return audience.replace(/\/(mcp|a2a)$/, '')
}
