// Who can sign in to this deployment: operators, and the people of all tenants.
import { keepPreviousData, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { operationQuery } from '../../api/operation-query.ts'
import { type Session, sessionQuery } from '../../api/session.ts'
import { Button } from '../../parts/actions/button.tsx'
import { Pages } from '../../parts/actions/pages.tsx'
import { Said } from '../../parts/forms/said.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'
import { AccountDeed, type AccountDoing } from './accounts/account-deed.tsx'
import { AccountsTable } from './accounts/accounts-table.tsx'

const route = getRouteApi('/accounts')
const PAGE = 100

export function AccountsPage() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  return <Accounts session={session} />
}

function Accounts({ session }: { readonly session: Session }) {
  const { after } = route.useSearch()
  const navigate = route.useNavigate()
  const [said, setSaid] = useState('')
  const [doing, setDoing] = useState<AccountDoing>()
  const list = useQuery({
    ...operationQuery('list_accounts', { ...(after === undefined ? {} : { after }), limit: PAGE }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <PageHead
        title="Accounts"
        lead="An account is what somebody signs in with. What it may do in a tenant is for that tenant to say; an operator administers the deployment besides."
        actions={
          <Button look="strong" onClick={() => setDoing({ deed: 'invite' })}>
            <UserPlus size={14} aria-hidden="true" /> Invite an operator
          </Button>
        }
      />
      <Said>{said}</Said>
      {list.isError && <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Waiting what="the accounts" lines={5} />}
      {list.data !== undefined && (
        <AccountsTable
          accounts={list.data.accounts}
          self={session.account.id}
          onDeed={(deed, account) => setDoing({ deed, account })}
        />
      )}
      <Pages
        of="accounts"
        isFirst={after === undefined}
        hasNext={list.data !== undefined && list.data.next !== null}
        onFirst={() => void navigate({ search: {} })}
        onNext={() => void navigate({ search: { after: list.data?.next ?? '' } })}
      />
      {doing !== undefined && (
        <AccountDeed
          doing={doing}
          self={session.account.id}
          onSaid={setSaid}
          onClose={() => setDoing(undefined)}
        />
      )}
    </>
  )
}
