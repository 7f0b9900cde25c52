// Values to tick, with how many documents have each.
import { useState } from 'react'
import { Button } from '../../../parts/actions/button.tsx'
import { Checkbox } from '../../../parts/inputs/checkbox.tsx'
import { INPUT } from '../../../parts/inputs/field.tsx'
import type { MetaValue } from '../search-params.ts'
import type { Choice } from './choices.ts'

export interface ChoiceListProps<Value extends MetaValue> {
  readonly title: string
  readonly choices: readonly Choice<Value>[]
  readonly chosen: readonly Value[]
  readonly onToggle: (value: Value) => void
  readonly wordsOf?: (value: Value) => string
}

export function ChoiceList<Value extends MetaValue>({
  title,
  choices,
  chosen,
  onToggle,
  wordsOf = String,
  canAdd = false,
}: ChoiceListProps<Value> & { readonly canAdd?: boolean }) {
  // What is chosen can be taken back, also where no document has it.
  const all = [
    ...choices,
    ...chosen
      .filter(value => choices.every(choice => choice.value !== value))
      .map(value => ({ value, documents: 0 })),
  ]
  if (all.length === 0 && !canAdd) return null
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">{title}</legend>
      <div className="max-h-45.5 overflow-y-auto">
        {all.map(({ value, documents }) => (
          <Checkbox
            key={String(value)}
            label={
              <span className="wrap-anywhere">
                <bdi>{wordsOf(value)}</bdi>{' '}
                <span className="figures text-xs text-soft">{documents.toLocaleString()}</span>
              </span>
            }
            checked={chosen.includes(value)}
            onChange={() => onToggle(value)}
          />
        ))}
      </div>
      {canAdd && <AddValue title={title} onAdd={value => onToggle(value as Value)} />}
    </fieldset>
  )
}

function AddValue({ title, onAdd }: { readonly title: string; readonly onAdd: (value: string) => void }) {
  const [value, setValue] = useState('')
  return (
    <form
      className="mt-1 flex gap-1"
      onSubmit={event => {
        event.preventDefault()
        if (value.trim() !== '') onAdd(value.trim())
        setValue('')
      }}
    >
      <input
        value={value}
        onChange={event => setValue(event.target.value)}
        maxLength={100}
        aria-label={`Another value for ${title.toLowerCase()}`}
        placeholder="Another"
        className={INPUT}
      />
      <Button type="submit">Add</Button>
    </form>
  )
}
