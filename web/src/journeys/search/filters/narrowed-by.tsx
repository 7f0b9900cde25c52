// What the search is narrowed by; a click takes one away.
import { X } from 'lucide-react'
import type { FilterParams } from '../search-params.ts'
import { narrowings } from './choices.ts'

export interface NarrowedByProps {
  readonly filter: FilterParams
  readonly onFilter: (filter: FilterParams) => void
}

export function NarrowedBy({ filter, onFilter }: NarrowedByProps) {
  const all = narrowings(filter)
  if (all.length === 0) return null
  return (
    <ul aria-label="Narrowed by" className="flex flex-wrap gap-1.5">
      {all.map(({ key, words, without }) => (
        <li key={key} className="min-w-0">
          <button
            type="button"
            onClick={() => onFilter(without)}
            aria-label={`No longer only ${words}`}
            title="Take this away"
            className="flex min-h-6 max-w-full items-center gap-1 rounded-sm bg-accent-ground px-2 text-xs text-accent hover:bg-hover pointer-coarse:min-h-11"
          >
            <bdi className="truncate">{words}</bdi>
            <X size={14} aria-hidden="true" className="shrink-0" />
          </button>
        </li>
      ))}
    </ul>
  )
}
