// One ranking of three: its documents in rows of one height, each with its places in all of them.
import { Link } from '@tanstack/react-router'
import { CircleQuestionMark } from 'lucide-react'
import { IconButton } from '../../../parts/actions/button.tsx'
import { passageOf } from '../hits/hit-title.tsx'
import type { Side, Standing } from './columns.ts'

export const ROW_PX = 60
export const HEAD_PX = 36

const MARKS: Record<Side, readonly [string, string]> = {
  words: ['W', 'by words'],
  both: ['B', 'by both'],
  likeness: ['L', 'by likeness'],
}

export interface ColumnProps {
  readonly title: string
  readonly side: Side
  readonly standings: readonly Standing[]
  /** On a narrow screen. */
  readonly isShown: boolean
  readonly near: string | undefined
  readonly onNear: (documentId: string | undefined) => void
  readonly onWhy: (documentId: string) => void
}

export function Column({ title, side, standings, isShown, near, onNear, onWhy }: ColumnProps) {
  return (
    <section aria-label={title} className={`min-w-0 ${isShown ? '' : 'max-md:hidden'}`}>
      <h2 style={{ height: HEAD_PX }} className="flex items-center gap-2 text-sm font-semibold">
        {title}
      </h2>
      {standings.length === 0 && <p className="text-sm text-soft">Nothing is found this way.</p>}
      <ol onPointerLeave={() => onNear(undefined)}>
        {standings.map(({ hit, places }) => (
          <li key={hit.doc_id} style={{ height: ROW_PX }} className="py-1">
            <div
              onPointerEnter={() => onNear(hit.doc_id)}
              onFocus={() => onNear(hit.doc_id)}
              className={`flex h-full items-start gap-1 rounded-md border bg-card px-2 py-1.5 ${near === hit.doc_id ? 'border-edge bg-hover' : 'border-line'}`}
            >
              <div className="min-w-0 flex-1">
                <Link
                  {...passageOf(hit)}
                  title={hit.title}
                  className="block truncate text-sm font-medium text-accent hover:underline"
                >
                  <bdi>{hit.title}</bdi>
                </Link>
                <Places places={places} side={side} />
              </div>
              <IconButton
                label={`Why ${hit.title} is here`}
                onClick={() => onWhy(hit.doc_id)}
                className="-mr-1"
              >
                <CircleQuestionMark size={14} aria-hidden="true" />
              </IconButton>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Places({ places, side }: { readonly places: Standing['places']; readonly side: Side }) {
  return (
    <p className="figures flex gap-3 text-xs text-soft">
      {(Object.keys(MARKS) as Side[]).map(one => {
        const [mark, words] = MARKS[one]
        const place = places[one]
        return (
          <span
            key={one}
            title={`${words}: ${place ?? 'not there'}`}
            className={one === side ? 'font-medium text-ink' : ''}
          >
            <span aria-hidden="true">
              {mark} {place ?? '–'}
            </span>
            <span className="unseen">
              {words}: {place ?? 'not there'}.
            </span>
          </span>
        )
      })}
    </p>
  )
}
