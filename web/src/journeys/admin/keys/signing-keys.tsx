// The keys that sign access tokens: rotated without harm, retired when one is no longer to be trusted.
import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { operationQuery, useChange } from '../../../api/operation-query.ts'
import type { SigningKey } from '../../../api/operations.gen.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { FormDialog } from '../../../parts/forms/form-dialog.tsx'
import { Said } from '../../../parts/forms/said.tsx'
import { Confirm } from '../../../parts/overlays/confirm.tsx'
import { Badge } from '../../../parts/shown/badge.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { type Column, Table } from '../../../parts/shown/table.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'

export function SigningKeys() {
  const keys = useQuery(operationQuery('list_signing_keys', {}))
  const rotate = useChange('rotate_signing_key', ['list_signing_keys'])
  const retire = useChange('retire_signing_key', ['list_signing_keys'])
  const [isRotating, setRotating] = useState(false)
  const [asked, setAsked] = useState<SigningKey>()
  const [said, setSaid] = useState('')
  return (
    <>
      <div className="mb-3 flex justify-end">
        <Button onClick={() => setRotating(true)}>
          <RefreshCw size={14} aria-hidden="true" /> Rotate
        </Button>
      </div>
      <Said>{said}</Said>
      {keys.isError && <ProblemNote problem={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isPending && <Waiting what="the keys" />}
      {keys.data !== undefined && (
        <Table
          caption="Signing keys"
          rows={keys.data.keys}
          keyOf={({ id }) => id}
          columns={columns(setAsked)}
        />
      )}
      <FormDialog
        title="Rotate the signing key?"
        deed="Make a new key"
        isOpen={isRotating}
        onClose={() => setRotating(false)}
        act={async () => {
          const { kid } = await rotate.mutateAsync({})
          setSaid(`The key ${kid} signs from now on.`)
        }}
      >
        {() => (
          <p>
            A new key signs all tokens from now on. Tokens that the key before it signed work until they
            expire, so nobody notices.
          </p>
        )}
      </FormDialog>
      <Confirm
        title="Retire this signing key?"
        deed="Retire the key"
        isOpen={asked !== undefined}
        onClose={() => setAsked(undefined)}
        act={async () => {
          await retire.mutateAsync({ kid: asked?.id ?? '' })
          setSaid(`The key ${asked?.id ?? ''} is retired.`)
        }}
      >
        Every token that it signed is refused from now on, in all tenants. Sessions and API keys go on
        working.
      </Confirm>
    </>
  )
}

const TONES = { active: 'good', retiring: 'warn', retired: 'plain' } as const

function columns(onRetire: (key: SigningKey) => void): Column<SigningKey>[] {
  return [
    {
      key: 'id',
      head: 'Key (kid)',
      cell: ({ id }) => <code className="font-mono text-xs break-all">{id}</code>,
    },
    { key: 'status', head: 'Status', cell: ({ status }) => <Badge tone={TONES[status]}>{status}</Badge> },
    { key: 'made', head: 'Made', cell: ({ created_at }) => <Time at={created_at} form="whole" /> },
    {
      key: 'until',
      head: 'Its tokens work until',
      cell: ({ accepted_until }) =>
        accepted_until === null ? (
          <span className="text-soft">it signs</span>
        ) : (
          <Time at={accepted_until} form="whole" />
        ),
    },
    {
      key: 'deeds',
      head: <span className="unseen">What to do</span>,
      isPinned: true,
      cell: key =>
        key.status === 'retiring' && (
          <Button
            look="quiet"
            className="-my-1.5"
            onClick={() => onRetire(key)}
            aria-label={`Retire the key ${key.id}`}
          >
            Retire
          </Button>
        ),
    },
  ]
}
