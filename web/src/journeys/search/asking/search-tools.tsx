// What a search can be turned by, below its field: weights, filters, one list or three.
import { Columns3, List, SlidersHorizontal } from 'lucide-react'
import { Button } from '../../../parts/actions/button.tsx'
import { Weights, type WeightsProps } from '../ranking/weights.tsx'

export interface SearchToolsProps extends WeightsProps {
  readonly isFiltering: boolean
  readonly onFiltering: (isFiltering: boolean) => void
  /** How many fields narrow the search. */
  readonly filters: number
  readonly isComparing: boolean
  readonly onCompare: (isComparing: boolean) => void
}

export function SearchTools({
  isFiltering,
  onFiltering,
  filters,
  isComparing,
  onCompare,
  ...weights
}: SearchToolsProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
      <Weights {...weights} />
      <div className="flex flex-wrap gap-2">
        <Button
          aria-expanded={isFiltering}
          onClick={() => onFiltering(!isFiltering)}
          className="aria-expanded:border-accent aria-expanded:text-accent"
        >
          <SlidersHorizontal size={14} aria-hidden="true" /> Filters{filters > 0 && ` (${filters})`}
        </Button>
        <Button
          aria-pressed={isComparing}
          onClick={() => onCompare(!isComparing)}
          className="aria-pressed:border-accent aria-pressed:text-accent"
        >
          {isComparing ? <List size={14} aria-hidden="true" /> : <Columns3 size={14} aria-hidden="true" />}
          Side by side
        </Button>
      </div>
    </div>
  )
}
