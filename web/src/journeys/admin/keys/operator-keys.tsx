// Keys with which programs administer the deployment.
import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import type { Output } from '../../../api/call.ts'
import { operationQuery, useChange } from '../../../api/operation-query.ts'
import type { OperatorKey } from '../../../api/operations.gen.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { FormDialog, textOf } from '../../../parts/forms/form-dialog.tsx'
import { Said } from '../../../parts/forms/said.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { Confirm } from '../../../parts/overlays/confirm.tsx'
import { Banner } from '../../../parts/shown/banner.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Table } from '../../../parts/shown/table.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { daysOf, type Expiry, ExpirySelect } from './expiry-select.tsx'
import { nameColumn, revokeColumn, standingColumns } from './key-columns.tsx'
import { KeyMade } from './key-made.tsx'

export function OperatorKeys() {
  const keys = useQuery(operationQuery('list_operator_keys', {}))
  const revoke = useChange('revoke_operator_key', ['list_operator_keys'])
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<Output<'create_operator_key'>>()
  const [asked, setAsked] = useState<OperatorKey>()
  const [said, setSaid] = useState('')
  const create = (
    <Button onClick={() => setMaking(true)}>
      <KeyRound size={14} aria-hidden="true" /> New operator key
    </Button>
  )
  return (
    <>
      <div className="mb-3 flex justify-end">{create}</div>
      <Said>{said}</Said>
      {keys.isError && <ProblemNote problem={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isPending && <Waiting what="the keys" />}
      {keys.data?.keys.length === 0 && (
        <EmptyState title="There are no operator keys">
          Scripts that make tenants or rotate keys use one. People sign in with their accounts instead.
        </EmptyState>
      )}
      {keys.data !== undefined && keys.data.keys.length > 0 && (
        <Table
          caption="Operator keys"
          rows={keys.data.keys}
          keyOf={({ id }) => id}
          columns={[
            nameColumn(),
            ...standingColumns<OperatorKey>(),
            {
              key: 'made',
              head: 'Made',
              cell: ({ created_at }) => <Time at={created_at} form="day" />,
              isMinor: true,
            },
            revokeColumn<OperatorKey>(setAsked),
          ]}
        />
      )}
      <NewOperatorKey isOpen={isMaking} onClose={() => setMaking(false)} onMade={setMade} />
      <KeyMade what="operator key" made={made} onClose={() => setMade(undefined)} />
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

interface NewOperatorKeyProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onMade: (made: Output<'create_operator_key'>) => void
}

function NewOperatorKey({ isOpen, onClose, onMade }: NewOperatorKeyProps) {
  const [expiry, setExpiry] = useState<Expiry>('90')
  const create = useChange('create_operator_key', ['list_operator_keys'])
  const act = async (form: FormData) =>
    onMade(await create.mutateAsync({ name: textOf(form, 'name') ?? '', expires_in_days: daysOf(expiry) }))
  return (
    <FormDialog title="New operator key" deed="Create the key" {...{ isOpen, onClose, act }}>
      {wrong => (
        <>
          <Banner kind="warn">
            It can do all an operator can: make and remove tenants, and sign tokens for any user.
          </Banner>
          <TextField label="What is it for" name="name" required autoComplete="off" wrong={wrong('name')} />
          <ExpirySelect value={expiry} onChange={setExpiry} />
        </>
      )}
    </FormDialog>
  )
}
