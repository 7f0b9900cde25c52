// Who is looked for. It is asked when somebody is done typing, not at each key: every look is on the record.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { operationQuery } from '../../../api/operation-query.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { Select } from '../../../parts/inputs/select.tsx'
import type { UsersParams } from '../admin-params.ts'
import { textOf } from '../../../parts/forms/form-dialog.tsx'
import { ROLES } from './roles.ts'

const route = getRouteApi('/users')
const ANY = '*'

export function PeopleFilter() {
  const { find = '', role = ANY, status = ANY, group = ANY } = route.useSearch()
  const navigate = route.useNavigate()
  const groups = useQuery(operationQuery('list_groups', { limit: 1_000 }))
  const ask = (change: { [name in keyof UsersParams]?: UsersParams[name] | undefined }) =>
    void navigate({
      search: ({ after: _, ...old }) => {
        const entries = Object.entries({ ...old, ...change })
        return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ANY))
      },
    })
  const names = groups.data?.groups.map(({ name }) => name) ?? []
  const known = group === ANY || names.includes(group) ? names : [group, ...names]
  return (
    <form
      aria-label="Which users"
      className="mb-3 grid grid-cols-2 items-end gap-2 md:grid-cols-[minmax(0,2fr)_repeat(3,minmax(0,1fr))_auto]"
      onSubmit={event => {
        event.preventDefault()
        ask({ find: textOf(new FormData(event.currentTarget), 'find') })
      }}
    >
      <div className="col-span-2 md:col-span-1">
        <TextField key={find} label="Name, e-mail or id" name="find" type="search" defaultValue={find} />
      </div>
      <Select
        label="Role"
        value={role}
        choices={[{ value: ANY, label: 'Any role' }, ...ROLES.map(({ value, label }) => ({ value, label }))]}
        onChange={next => ask({ role: next === ANY ? undefined : next })}
      />
      <Select
        label="Group"
        value={group}
        choices={[{ value: ANY, label: 'Any group' }, ...known.map(name => ({ value: name, label: name }))]}
        onChange={next => ask({ group: next })}
      />
      <Select
        label="Status"
        value={status}
        choices={[
          { value: ANY, label: 'Any status' },
          { value: 'active', label: 'Active' },
          { value: 'disabled', label: 'Disabled' },
        ]}
        onChange={next => ask({ status: next === ANY ? undefined : next })}
      />
      <Button type="submit" className="min-h-9">
        <Search size={14} aria-hidden="true" /> Find
      </Button>
    </form>
  )
}
