// The API keys of a tenant: one's own, or all of them for those who see the users.
import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import type { Output } from '../../../api/call.ts'
import { operationQuery, useChange } from '../../../api/operation-query.ts'
import type { ApiKey } from '../../../api/operations.gen.ts'
import { may, type Session } from '../../../api/session.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { Said } from '../../../parts/forms/said.tsx'
import { Confirm } from '../../../parts/overlays/confirm.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { PageHead } from '../../../parts/shown/page-head.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { ownUser } from '../users/own-user.ts'
import { ApiKeysTable } from './api-keys-table.tsx'
import { NewApiKey } from './new-api-key.tsx'
import { KeyMade } from './key-made.tsx'

export function ApiKeys({ session }: { readonly session: Session }) {
  const keys = useQuery(operationQuery('list_api_keys', {}))
  const revoke = useChange('revoke_api_key', ['list_api_keys'])
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<Output<'create_api_key'>>()
  const [asked, setAsked] = useState<ApiKey>()
  const [said, setSaid] = useState('')
  const create = (
    <Button look="strong" onClick={() => setMaking(true)}>
      <KeyRound size={14} aria-hidden="true" /> New API key
    </Button>
  )
  return (
    <>
      <PageHead
        title="API keys"
        lead={
          may(session, 'users:read')
            ? 'Keys of everybody in this tenant. A key never allows more than the role of the user it speaks for.'
            : 'Your keys. A key never allows more than your role does.'
        }
        actions={may(session, 'keys:write') && keys.data?.keys.length !== 0 && create}
      />
      <Said>{said}</Said>
      {keys.isError && <ProblemNote problem={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isPending && <Waiting what="the keys" />}
      {keys.data?.keys.length === 0 && (
        <EmptyState title="There are no keys yet" action={may(session, 'keys:write') && create}>
          A key is an access token for a program that runs for long: for scripts, servers and agents.
        </EmptyState>
      )}
      {keys.data !== undefined && keys.data.keys.length > 0 && (
        <ApiKeysTable
          keys={keys.data.keys}
          mayRevoke={key => may(session, 'users:write') || key.user === ownUser(session)}
          onRevoke={setAsked}
        />
      )}
      <NewApiKey session={session} isOpen={isMaking} onClose={() => setMaking(false)} onMade={setMade} />
      <KeyMade what="API key" made={made} onClose={() => setMade(undefined)} />
      <Confirm
        title={`Revoke ${asked?.name ?? ''}?`}
        deed="Revoke the key"
        isOpen={asked !== undefined}
        onClose={() => setAsked(undefined)}
        act={async () => {
          await revoke.mutateAsync({ id: asked?.id ?? '' })
          setSaid(`The key ${asked?.name ?? ''} is revoked.`)
        }}
      >
        Whatever uses the key is refused within two seconds. A revoked key does not come back.
      </Confirm>
    </>
  )
}
