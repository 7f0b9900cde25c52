// Which rows: whose, of what, how it ended, when. All of it stands in the address.
import { getRouteApi } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { Button } from '../../../parts/actions/button.tsx'
import { textOf } from '../../../parts/forms/form-dialog.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { Select } from '../../../parts/inputs/select.tsx'
import type { AuditParams } from '../admin-params.ts'
import { fieldTime, momentOf } from './local-time.ts'

const route = getRouteApi('/audit')
const ANY = '*'

export function AuditFilter() {
  const params = route.useSearch()
  const navigate = route.useNavigate()
  const ask = (change: { [name in keyof AuditParams]?: AuditParams[name] | undefined }) =>
    void navigate({
      search: ({ cursor: _, ...old }) =>
        Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value !== undefined)),
    })
  return (
    <form
      // A new address fills the fields anew.
      key={JSON.stringify(params)}
      aria-label="Which rows"
      className="mb-3 grid grid-cols-2 items-end gap-2 lg:grid-cols-[repeat(5,minmax(0,1fr))_auto]"
      onSubmit={event => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        ask({
          user: textOf(form, 'user'),
          operation: textOf(form, 'operation'),
          from: momentOf(textOf(form, 'from') ?? ''),
          to: momentOf(textOf(form, 'to') ?? ''),
        })
      }}
    >
      <TextField
        label="Who"
        name="user"
        autoComplete="off"
        defaultValue={params.user}
        placeholder="anybody"
      />
      <TextField
        label="Operation"
        name="operation"
        autoComplete="off"
        spellCheck={false}
        defaultValue={params.operation}
        placeholder="any, as hybrid_search"
      />
      <TextField label="From" name="from" type="datetime-local" defaultValue={fieldTime(params.from)} />
      <TextField label="Before" name="to" type="datetime-local" defaultValue={fieldTime(params.to)} />
      <Select
        label="Outcome"
        value={params.outcome ?? ANY}
        choices={[
          { value: ANY, label: 'Any outcome' },
          { value: 'ok', label: 'ok' },
          { value: 'refused', label: 'refused' },
          { value: 'failed', label: 'failed' },
        ]}
        onChange={next => ask({ outcome: next === ANY ? undefined : next })}
      />
      <div className="flex gap-2">
        <Button type="submit" className="min-h-9">
          <Search size={14} aria-hidden="true" /> Filter
        </Button>
        {Object.keys(params).length > 0 && (
          <Button look="quiet" className="min-h-9" onClick={() => void navigate({ search: {} })}>
            Clear
          </Button>
        )}
      </div>
    </form>
  )
}
