// A passage to read: first the part where most was found, on demand all of it.
import { useState } from 'react'
import { Marked, type Range } from '../../../parts/shown/marked.tsx'
import { excerpt } from './excerpt.ts'
import { readable } from './readable.ts'

export function PassageText({ text, ranges }: { readonly text: string; readonly ranges: readonly Range[] }) {
  const [isWhole, setWhole] = useState(false)
  const passage = readable(text, ranges)
  const first = excerpt(passage)
  const isCut = first.isCutBefore || first.isCutAfter
  const shown = isWhole ? passage : first
  return (
    <div>
      <p className="max-w-prose wrap-anywhere whitespace-pre-line">
        {!isWhole && first.isCutBefore && '… '}
        <Marked text={shown.text} ranges={shown.ranges} />
        {!isWhole && first.isCutAfter && ' …'}
      </p>
      {isCut && (
        <button
          type="button"
          aria-expanded={isWhole}
          onClick={() => setWhole(whole => !whole)}
          className="mt-0.5 min-h-6 text-xs text-soft underline hover:text-ink pointer-coarse:min-h-11"
        >
          {isWhole ? 'Show less' : 'Show the whole passage'}
        </button>
      )}
    </div>
  )
}
