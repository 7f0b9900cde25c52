// One key of the documents' metadata: values to tick, or bounds.
import { INPUT } from '../../../parts/inputs/field.tsx'
import type { MetaValue, MetaWanted } from '../search-params.ts'
import { ChoiceList } from './choice-list.tsx'
import type { MetaChoice } from './choices.ts'

export interface MetaChoicesProps {
  readonly choice: MetaChoice
  readonly wanted: MetaWanted | undefined
  readonly onWanted: (wanted: MetaWanted | undefined) => void
}

export function MetaChoices({ choice, wanted, onWanted }: MetaChoicesProps) {
  if (choice.kind !== 'values') return <Bounds {...{ choice, wanted, onWanted }} />
  const chosen = wanted !== undefined && 'in' in wanted ? wanted.in : []
  const toggle = (value: MetaValue) => {
    const next = chosen.includes(value) ? chosen.filter(one => one !== value) : [...chosen, value]
    onWanted(next.length === 0 ? undefined : { in: next })
  }
  return <ChoiceList title={choice.key} choices={choice.values} chosen={chosen} onToggle={toggle} />
}

function Bounds({ choice: { key, kind }, wanted, onWanted }: MetaChoicesProps) {
  const { gte, lte } = wanted !== undefined && !('in' in wanted) ? wanted : {}
  const bound = (name: 'gte' | 'lte', typed: string) => {
    const value = kind === 'number' && typed !== '' ? Number(typed) : typed
    const next = { ...(gte !== undefined && { gte }), ...(lte !== undefined && { lte }), [name]: value }
    if (value === '') delete next[name]
    onWanted(next.gte === undefined && next.lte === undefined ? undefined : next)
  }
  const field = (name: 'gte' | 'lte', words: string, value: string | number | undefined) => (
    <label className="block text-xs text-soft">
      {words}
      <input
        type={kind}
        defaultValue={value}
        key={value}
        onBlur={event => event.target.value !== String(value ?? '') && bound(name, event.target.value)}
        onKeyDown={event => event.key === 'Enter' && event.currentTarget.blur()}
        className={INPUT}
      />
    </label>
  )
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium wrap-anywhere">{key}</legend>
      <div className="grid grid-cols-2 gap-2">
        {field('gte', 'from', gte)}
        {field('lte', 'to', lte)}
      </div>
    </fieldset>
  )
}
