// Words, both and likeness beside each other, with lines from a document to itself; on a narrow screen one at a time.
import { Fragment, useState } from 'react'
import type { SearchHit } from '../hits/search-hit.ts'
import type { Branches } from '../ranking/rerank.ts'
import { columnsOf, linesBetween, type Side, SIDES } from './columns.ts'
import { Column, HEAD_PX, ROW_PX } from './column.tsx'
import { Lines } from './lines.tsx'

export interface CompareProps {
  readonly branches: Branches
  readonly hits: readonly SearchHit[]
  /** Weight of the words in percent. */
  readonly words: number
  readonly rows: number
  readonly onWhy: (documentId: string) => void
}

export function Compare({ branches, hits, words, rows, onWhy }: CompareProps) {
  const [near, setNear] = useState<string>()
  const [shown, setShown] = useState<Side>('both')
  const columns = columnsOf(branches, hits, rows)
  const most = Math.max(...SIDES.map(side => columns[side].length))
  const titles: Record<Side, string> = {
    words: 'Words alone',
    both: `Both, ${words} to ${100 - words}`,
    likeness: 'Likeness alone',
  }
  return (
    <div className="space-y-2">
      <div role="group" aria-label="Which ranking" className="flex gap-1 md:hidden">
        {SIDES.map(side => (
          <button
            key={side}
            type="button"
            aria-pressed={shown === side}
            onClick={() => setShown(side)}
            className="min-h-8 flex-1 rounded-md border border-line px-2 text-sm aria-pressed:border-accent aria-pressed:bg-accent-ground aria-pressed:text-accent pointer-coarse:min-h-11"
          >
            {side === 'both' ? 'Both' : titles[side]}
          </button>
        ))}
      </div>
      <div className="md:grid md:grid-cols-[minmax(0,1fr)_2.5rem_minmax(0,1fr)_2.5rem_minmax(0,1fr)]">
        {SIDES.map((side, at) => {
          const next = SIDES[at + 1]
          return (
            <Fragment key={side}>
              <Column
                title={titles[side]}
                side={side}
                standings={columns[side]}
                isShown={shown === side}
                {...{ near, onNear: setNear, onWhy }}
              />
              {next !== undefined && (
                <Lines
                  lines={linesBetween(columns[side], columns[next])}
                  look={side === 'words' ? 'stroke-words' : 'stroke-vectors'}
                  rows={most}
                  rowPx={ROW_PX}
                  topPx={HEAD_PX}
                  near={near}
                />
              )}
            </Fragment>
          )
        })}
      </div>
      <p className="text-xs text-soft">
        W, B and L are a document’s places by words, by both and by likeness; – means it is not among the
        first 50 there, or among the hits.
      </p>
    </div>
  )
}
