// Chooses the document that is asked about: by a part of its title, or by its id.
import { useQuery } from '@tanstack/react-query'
import { type RefObject, useDeferredValue, useState } from 'react'
import { operationQuery } from '../../../api/operation-query.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { useDocuments } from '../filters/use-documents.ts'
import { matching, type Named } from './matching.ts'

const SHOWN = 8

export interface DocumentPickerProps {
  readonly field: RefObject<HTMLInputElement | null>
  readonly onPick: (document: string) => void
}

export function DocumentPicker({ field, onPick }: DocumentPickerProps) {
  const [typed, setTyped] = useState('')
  const wanted = useDeferredValue(typed.trim())
  const { data, error, refetch } = useDocuments(true)
  const near = matching(data?.documents ?? [], wanted, SHOWN)
  const older = useOlder(wanted, data !== undefined && !data.isWhole && near.length < SHOWN)
  const known = new Set(near.map(({ document_id }) => document_id))
  const found: readonly Named[] = [
    ...near,
    ...older.filter(({ document_id }) => !known.has(document_id)),
  ].slice(0, SHOWN)
  return (
    <form
      className="space-y-3"
      onSubmit={event => {
        event.preventDefault()
        const [only] = found
        if (found.length === 1 && only !== undefined) onPick(only.document_id)
        else if (typed.trim() !== '') onPick(typed.trim())
      }}
    >
      <TextField
        ref={field}
        label="Which document did you expect?"
        hint="A part of its title, or its id."
        value={typed}
        onChange={event => setTyped(event.target.value)}
        maxLength={500}
        autoComplete="off"
      />
      {error !== null && data === undefined && <ProblemNote problem={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting what="the documents" />}
      <ul aria-label="Documents to choose from" className="space-y-0.5">
        {found.map(({ document_id, title, external_id }) => (
          <li key={document_id}>
            <button
              type="button"
              onClick={() => onPick(document_id)}
              className="block min-h-8 w-full rounded-md px-2 py-1 text-left hover:bg-hover pointer-coarse:min-h-11"
            >
              <bdi className="text-sm wrap-anywhere">{title}</bdi>
              {external_id !== undefined && (
                <bdi className="block truncate font-mono text-2xs text-soft">{external_id}</bdi>
              )}
            </button>
          </li>
        ))}
      </ul>
      {data !== undefined && found.length === 0 && wanted !== '' && (
        <p className="text-sm text-soft">
          No document that you may read is called so. If it is an id, ask for it:{' '}
          <Button type="submit">Look for “{wanted.slice(0, 40)}”</Button>
        </p>
      )}
    </form>
  )
}

/** Where there are more documents than were looked at: those whose title or text holds the words. */
function useOlder(typed: string, isWanted: boolean): readonly Named[] {
  const { data } = useQuery({
    ...operationQuery('search_documents', { query: typed, limit: SHOWN }),
    enabled: isWanted && typed.length > 2,
  })
  return data?.hits.map(({ doc_id, title }) => ({ document_id: doc_id, title })) ?? []
}
