// Before the first search: what can be asked, with examples from the tenant's own documents.
import { Link } from '@tanstack/react-router'
import { Quote, Search } from 'lucide-react'
import { LinkButton } from '../../../parts/actions/button.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { useDocuments } from '../filters/use-documents.ts'
import type { SearchParams } from '../search-params.ts'
import { examplesOf } from './examples.ts'

/** The filter and the weights stay for the first query. */
export function Start({ params }: { readonly params: SearchParams }) {
  const { data, error, refetch } = useDocuments(true, 1)
  if (data === undefined) {
    return error === null ? (
      <Waiting what="examples" />
    ) : (
      <ProblemNote problem={error} onRetry={() => void refetch()} />
    )
  }
  if (data.documents.length === 0) {
    return (
      <EmptyState
        title="There is nothing to search yet"
        action={
          <LinkButton to="/documents" look="strong">
            Add documents
          </LinkButton>
        }
      >
        A document can be found by its words as soon as it is in, and by its likeness moments later.
      </EmptyState>
    )
  }
  return (
    <div className="grid gap-x-10 gap-y-6 pt-2 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <section aria-label="Examples" className="min-w-0">
        <h2 className="mb-2 text-base font-semibold">Begin with one of these</h2>
        <ul className="space-y-1">
          {examplesOf(data.documents).map(({ query, hint }) => (
            <li key={query}>
              <Link
                to="/search"
                search={{ ...params, q: query }}
                className="flex min-h-9 items-center gap-2 rounded-md border border-line bg-card px-3 py-1 hover:bg-hover pointer-coarse:min-h-11"
              >
                {query.startsWith('"') ? (
                  <Quote size={14} aria-hidden="true" className="shrink-0 text-soft" />
                ) : (
                  <Search size={14} aria-hidden="true" className="shrink-0 text-soft" />
                )}
                <bdi className="min-w-0 truncate">{query}</bdi>
                <span className="ml-auto shrink-0 text-xs text-soft">{hint}</span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <HowToAsk />
    </div>
  )
}

const HINTS = [
  ['breach notice', 'finds the words, misspelled ones too, and what says it in other words'],
  ['"breach notice"', 'must stand together, as quoted'],
  ['breach -draft', 'leaves out documents that hold “draft”'],
  ['Article 17 GDPR', 'a citation to the letter comes first'],
] as const

function HowToAsk() {
  return (
    <section aria-label="How to ask" className="min-w-0">
      <h2 className="mb-2 text-base font-semibold">How to ask</h2>
      <dl className="space-y-2 text-sm">
        {HINTS.map(([query, words]) => (
          <div key={query}>
            <dt>
              <code className="rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs">{query}</code>
            </dt>
            <dd className="text-soft">{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
