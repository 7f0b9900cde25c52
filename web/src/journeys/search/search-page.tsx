// Searching: what is found, and why it stands where it stands.
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { sessionQuery } from '../../api/session.ts'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { SearchField } from './asking/search-field.tsx'
import { SearchTools } from './asking/search-tools.tsx'
import { DEFAULT_WORDS, questionOf } from './asking/question.ts'
import { useSearch } from './asking/use-search.ts'
import { FilterPanel } from './filters/filter-panel.tsx'
import { NarrowedBy } from './filters/narrowed-by.tsx'
import { WhyDialog } from './missing/why-dialog.tsx'
import { SearchResults } from './search-results.tsx'
import { type FilterParams, filterOf, type SearchParams, without, withoutFilter } from './search-params.ts'

const route = getRouteApi('/search')
/** Between two letters. Where each search costs money, longer. */
const REST_MS = { free: 250, paid: 800 } as const
/** The model that is part of the server. */
const FREE_MODEL = /^local(?:-|$)/

export function SearchPage() {
  const params = route.useSearch()
  const navigate = route.useNavigate()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const { q = '', words: rested = DEFAULT_WORDS, view, why } = params
  const [moved, setMoved] = useState<number>()
  const [isReached, setReached] = useState(false)
  const [isFiltering, setFiltering] = useState(false)
  const words = moved ?? rested
  const searching = useSearch(params, words, isReached || view === 'compare')
  const model = searching.answer?.searched.embedding_model
  const go = (next: SearchParams, replace = false) => void navigate({ search: next, replace })
  const onFilter = (filter: FilterParams) => go({ ...withoutFilter(params), ...filter })
  const filter = filterOf(params)
  return (
    <>
      <PageHead title="Search" />
      <search className="space-y-2">
        <SearchField
          query={q}
          onQuery={(next, isTyping) =>
            go({ ...without(params, 'q', 'why'), ...(next !== '' && { q: next }) }, isTyping)
          }
          restMs={model === undefined || FREE_MODEL.test(model) ? REST_MS.free : REST_MS.paid}
          isBusy={searching.isBusy}
        />
        <SearchTools
          words={words}
          onMove={setMoved}
          onRest={next => {
            setMoved(undefined)
            go({ ...params, words: next }, true)
          }}
          onReach={() => setReached(true)}
          isFiltering={isFiltering}
          onFiltering={setFiltering}
          filters={filter === undefined ? 0 : Object.keys(filter).length}
          isComparing={view === 'compare'}
          onCompare={isOn => go({ ...without(params, 'view'), ...(isOn && { view: 'compare' as const }) })}
        />
        {isFiltering && <FilterPanel filter={params} onFilter={onFilter} />}
        <NarrowedBy filter={params} onFilter={onFilter} />
      </search>
      <SearchResults {...{ params, words, searching, session }} onParams={go} />
      <WhyDialog
        asked={questionOf(params)}
        document={q === '' ? undefined : why}
        onDocument={next => go({ ...without(params, 'why'), ...(next !== undefined && { why: next }) })}
      />
    </>
  )
}
