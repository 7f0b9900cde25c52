// The numbers behind a verdict: what words and likeness make of the one document.
import type { ReactNode } from 'react'
import type { Output } from '../../../api/call.ts'
import { digits, ordinal } from '../ranking/rank-words.ts'

type Explanation = Output<'explain_search'>

export function VerdictNumbers({ explanation }: { readonly explanation: Explanation }) {
  const { words, vector, score, found, last_shown_score: last } = explanation
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {words !== undefined && (
        <Part title="By words" look="bg-words">
          <Row name="place" value={placeOf(words)} />
          <Row name="BM25" value={words.score?.toFixed(3)} />
          <Row name="lacks" value={words.missing.join(', ')} />
          <Terms terms={words.terms} />
        </Part>
      )}
      {vector !== undefined && (
        <Part title="By likeness" look="bg-vectors">
          <Row name="place" value={placeOf(vector)} />
          <Row name="cosine" value={vector.similarity?.toFixed(3)} />
          <Row name="passages" value={vector.passages.toLocaleString()} />
          <Row
            name="without a vector yet"
            value={vector.passages_pending > 0 ? String(vector.passages_pending) : ''}
          />
        </Part>
      )}
      {/* Beyond the hits the reasons say it. */}
      {found && score !== undefined && (
        <p className="figures text-xs text-soft sm:col-span-2">
          Its score is {digits(score)}
          {last !== undefined && `; the last hit shown has ${digits(last)}`}.
        </p>
      )}
    </div>
  )
}

function placeOf({ rank, documents }: { readonly rank?: number; readonly documents: number }): string {
  return rank === undefined ? 'none' : `${ordinal(rank)} of ${documents.toLocaleString()}`
}

interface PartProps {
  readonly title: string
  readonly look: string
  readonly children: ReactNode
}

function Part({ title, look, children }: PartProps) {
  return (
    <section aria-label={title} className="min-w-0 rounded-md border border-line p-3">
      <h4 className="mb-1.5 flex items-center gap-1.5 text-sm font-medium">
        <span aria-hidden="true" className={`size-2 rounded-sm ${look}`} />
        {title}
      </h4>
      <dl className="figures grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs">{children}</dl>
    </section>
  )
}

function Row({ name, value }: { readonly name: string; readonly value: string | undefined }) {
  if (value === undefined || value === '') return null
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="wrap-anywhere">{value}</dd>
    </>
  )
}

function Terms({ terms }: { readonly terms: NonNullable<Explanation['words']>['terms'] }) {
  return terms.map(({ term, tf, passages, df, idf }) => (
    <Row
      key={term}
      name={term}
      value={
        tf === 0 && passages === 0
          ? 'not in it'
          : `${tf}× in the best passage, in ${passages} of its passages${df === undefined ? '' : `, in ${df} of all`}${idf === undefined ? '' : ` (idf ${idf.toFixed(2)})`}`
      }
    />
  ))
}
