// The words a hit was found by, and how much each says: often in the passage and rarely elsewhere weighs most.
import type { SearchHit } from './search-hit.ts'
import { asWritten } from './as-written.ts'

export function HitWords({ hit }: { readonly hit: SearchHit }) {
  const matched = hit.explanation.lexical?.matched ?? []
  if (matched.length === 0) return null
  const written = asWritten(
    matched.map(({ term }) => term),
    hit.highlights.map(({ start, end }) => hit.content.slice(start, end)),
  )
  const hasStatistics = matched.some(({ df }) => df !== undefined)
  return (
    <details className="min-w-0 text-xs wrap-anywhere">
      <summary className="min-h-6 w-fit max-w-full py-0.5 text-soft hover:text-ink pointer-coarse:min-h-11">
        Matched words: <bdi className="text-ink">{written.join(', ')}</bdi>
      </summary>
      <table className="figures mt-1 text-left">
        <caption className="unseen">The matched words of {hit.title}</caption>
        <thead className="text-soft">
          <tr>
            <th scope="col" className="pr-6 font-medium">
              word, as the index knows it
            </th>
            <th scope="col" className="pr-6 text-end font-medium">
              <abbr title="How often it stands in the passage, with its title and headings">tf</abbr>
            </th>
            {hasStatistics && (
              <>
                <th scope="col" className="pr-6 text-end font-medium">
                  <abbr title="Passages of the tenant that hold it">df</abbr>
                </th>
                <th scope="col" className="text-end font-medium">
                  <abbr title="How rare it is: the rarer, the more it counts">idf</abbr>
                </th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {matched.map(({ term, tf, df, idf }) => (
            <tr key={term}>
              <th scope="row" className="pr-6 font-normal wrap-anywhere">
                {term}
              </th>
              <td className="pr-6 text-end">{tf.toLocaleString()}</td>
              {hasStatistics && (
                <>
                  <td className="pr-6 text-end">{df?.toLocaleString()}</td>
                  <td className="text-end">{idf?.toFixed(2)}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
