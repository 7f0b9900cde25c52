// The tiers: what each allows a month, how many tenants are in it.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { operationQuery } from '../../../../api/operation-query.ts'
import type { Tier } from '../../../../api/operations.gen.ts'
import { Button } from '../../../../parts/actions/button.tsx'
import { Said } from '../../../../parts/forms/said.tsx'
import { Badge } from '../../../../parts/shown/badge.tsx'
import { Money } from '../../../../parts/shown/money.tsx'
import { ProblemNote } from '../../../../parts/shown/problem-note.tsx'
import { type Column, Table } from '../../../../parts/shown/table.tsx'
import { Waiting } from '../../../../parts/shown/waiting.tsx'
import { TierForm } from './tier-form.tsx'

export function TiersList() {
  const tiers = useQuery(operationQuery('list_tiers', {}))
  const [changing, setChanging] = useState<Tier>()
  const [said, setSaid] = useState('')
  return (
    <>
      <Said>{said}</Said>
      {tiers.isError && <ProblemNote problem={tiers.error} onRetry={() => void tiers.refetch()} />}
      {tiers.isPending && <Waiting what="the tiers" />}
      {tiers.data !== undefined && (
        <Table
          caption="Tiers"
          rows={tiers.data.tiers}
          keyOf={({ id }) => id}
          columns={columns(setChanging)}
        />
      )}
      <p className="mt-3 text-sm text-soft">
        New tiers, and the prices tenants are shown, are set with{' '}
        <code className="font-mono text-xs">gatehouse tier set</code>.
      </p>
      {changing !== undefined && (
        <TierForm key={changing.id} tier={changing} onSaid={setSaid} onClose={() => setChanging(undefined)} />
      )}
    </>
  )
}

function columns(onChange: (tier: Tier) => void): Column<Tier>[] {
  return [
    {
      key: 'name',
      head: 'Tier',
      cell: ({ id, name }) => (
        <div className="min-w-28">
          <bdi className="font-medium">{name}</bdi>
          <p className="font-mono text-xs text-soft">{id}</p>
        </div>
      ),
    },
    {
      key: 'limit',
      head: 'Limit a month',
      isFigure: true,
      cell: ({ limit_nano }) => (limit_nano === null ? 'none' : <Money nano={limit_nano} />),
    },
    {
      key: 'rate',
      head: 'Calls a minute',
      isFigure: true,
      cell: ({ requests_per_minute: rate }) => (rate === null ? 'default' : rate.toLocaleString()),
    },
    {
      key: 'models',
      head: 'Models',
      cell: ({ models }) => (
        <span className="block min-w-28 font-mono text-xs text-soft wrap-anywhere">
          {models.length === 0 ? 'none' : models.map(model => (model === '*' ? 'all' : model)).join(', ')}
        </span>
      ),
    },
    {
      key: 'next',
      head: 'Then',
      cell: ({ next_tier, self_service }) => (
        <>
          {next_tier ?? <span className="text-soft">nothing</span>}{' '}
          {self_service && <Badge title="Tenants of the tier before may move into it">self-service</Badge>}
        </>
      ),
    },
    { key: 'tenants', head: 'Tenants', isFigure: true, cell: ({ tenants }) => tenants.toLocaleString() },
    {
      key: 'deeds',
      head: <span className="unseen">What to do</span>,
      isPinned: true,
      cell: tier => (
        <Button
          look="quiet"
          className="-my-1.5"
          onClick={() => onChange(tier)}
          aria-label={`Change the tier ${tier.name}`}
        >
          Change
        </Button>
      ),
    },
  ]
}
