// Which documents are listed. What is chosen stands in the address.
import { getRouteApi } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { Button } from '../../../parts/actions/button.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { Select } from '../../../parts/inputs/select.tsx'
import { type DocumentsParams, FILE_TYPES, LANGUAGES } from '../documents-params.ts'
import { kindWords, languageWords } from './file-kind.ts'

const route = getRouteApi('/documents')

export interface DocumentFiltersProps {
  /** Of the documents that are shown: to choose from while typing. */
  readonly labels: readonly string[]
  readonly collections: readonly string[]
}

export function DocumentFilters({ labels, collections }: DocumentFiltersProps) {
  const { after: _after, ...filter } = route.useSearch()
  const navigate = route.useNavigate()
  // Another filter begins at its first page.
  const narrow = (next: DocumentsParams) => void navigate({ search: { ...filter, ...next } })
  const without = (name: keyof typeof filter) => {
    const { [name]: _gone, ...rest } = filter
    void navigate({ search: rest })
  }
  const isAny = Object.keys(filter).length > 0
  return (
    <search
      aria-label="Which documents"
      className="mb-3 grid grid-cols-2 items-end gap-2 md:grid-cols-[1fr_1fr_9rem_9rem] md:has-[>button]:grid-cols-[1fr_1fr_9rem_9rem_auto]"
    >
      <Word
        name="label"
        words="Label"
        choices={labels}
        value={filter.label}
        onNarrow={narrow}
        onClear={without}
      />
      <Word
        name="collection"
        words="Collection"
        choices={collections}
        value={filter.collection}
        onNarrow={narrow}
        onClear={without}
      />
      <Select
        label="Kind of file"
        value={filter.type ?? 'any'}
        choices={[
          { value: 'any', label: 'Any kind' },
          ...FILE_TYPES.map(value => ({ value, label: kindWords(value) })),
        ]}
        onChange={type => (type === 'any' ? without('type') : narrow({ type }))}
      />
      <Select
        label="Language"
        value={filter.language ?? 'any'}
        choices={[
          { value: 'any', label: 'Any language' },
          ...LANGUAGES.map(value => ({ value, label: languageWords(value) })),
        ]}
        onChange={language => (language === 'any' ? without('language') : narrow({ language }))}
      />
      {isAny && (
        <Button look="quiet" className="min-h-9" onClick={() => void navigate({ search: {} })}>
          <X size={14} aria-hidden="true" /> All documents
        </Button>
      )}
    </search>
  )
}

interface WordProps {
  readonly name: 'label' | 'collection'
  readonly words: string
  readonly choices: readonly string[]
  readonly value: string | undefined
  readonly onNarrow: (next: DocumentsParams) => void
  readonly onClear: (name: 'label' | 'collection') => void
}

/** Taken when Enter is pressed, one of the offered words is chosen, or the field is left. */
function Word({ name, words, choices, value, onNarrow, onClear }: WordProps) {
  const take = (typed: string) => {
    const next = typed.trim()
    if (next === (value ?? '')) return
    if (next === '') onClear(name)
    else onNarrow({ [name]: next })
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        const typed = new FormData(event.currentTarget).get(name)
        take(typeof typed === 'string' ? typed : '')
      }}
    >
      <TextField
        key={value}
        label={words}
        name={name}
        defaultValue={value}
        placeholder="Any"
        maxLength={100}
        list={`${name}-choices`}
        autoComplete="off"
        onBlur={event => take(event.currentTarget.value)}
        onChange={event => {
          if (choices.includes(event.currentTarget.value)) take(event.currentTarget.value)
        }}
      />
      <datalist id={`${name}-choices`}>
        {choices.map(choice => (
          <option key={choice} value={choice} />
        ))}
      </datalist>
    </form>
  )
}
