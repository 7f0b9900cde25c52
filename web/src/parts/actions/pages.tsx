// To the next page of a list, and back to its beginning. A page is an address, so the browser's own way back works.
import { ArrowLeftToLine, ArrowRight } from 'lucide-react'
import { Button } from './button.tsx'

export interface PagesProps {
  /** What the list has, as in "users". */
  readonly of: string
  readonly isFirst: boolean
  readonly hasNext: boolean
  readonly onFirst: () => void
  readonly onNext: () => void
}

export function Pages({ of, isFirst, hasNext, onFirst, onNext }: PagesProps) {
  if (isFirst && !hasNext) return null
  return (
    <nav aria-label={`Pages of the ${of}`} className="mt-3 flex items-center justify-end gap-2">
      {!isFirst && (
        <Button onClick={onFirst}>
          <ArrowLeftToLine size={14} aria-hidden="true" /> First page
        </Button>
      )}
      <Button onClick={onNext} disabled={!hasNext}>
        Next page <ArrowRight size={14} aria-hidden="true" />
      </Button>
    </nav>
  )
}
