// One hit: whose it is, its passage, and what each branch did for its place.
import { CircleQuestionMark } from 'lucide-react'
import { Button } from '../../../parts/actions/button.tsx'
import { Badge } from '../../../parts/shown/badge.tsx'
import { HitRanks, type HitRanksProps } from './hit-ranks.tsx'
import { HitTitle } from './hit-title.tsx'
import { HitWords } from './hit-words.tsx'
import { LinkToPassage } from './link-to-passage.tsx'
import { PassageText } from '../passage/passage-text.tsx'

export interface HitProps extends HitRanksProps {
  readonly place: number
  readonly tenantName: string
  readonly onWhy: (documentId: string) => void
}

export function Hit({ hit, place, tenantName, best, idle, onWhy }: HitProps) {
  return (
    <li data-hit={hit.doc_id} className="rounded-lg border border-line bg-card focus-within:border-edge">
      <article aria-label={`Hit ${place}: ${hit.title}`} className="space-y-2 p-3 sm:p-4">
        <header className="grid grid-cols-[1.5rem_minmax(0,1fr)_auto] items-start gap-x-2 gap-y-0.5">
          <span className="figures text-soft">{place}.</span>
          <HitTitle hit={hit} />
          <div className="-my-1.5 flex items-center pointer-coarse:-my-2.5 max-sm:-mr-2">
            <LinkToPassage hit={hit} />
            <Button
              look="quiet"
              onClick={() => onWhy(hit.doc_id)}
              aria-label={`Why ${hit.title} is here`}
              title="Why it is here"
            >
              <CircleQuestionMark size={14} aria-hidden="true" />
            </Button>
          </div>
          <p className="col-start-2 col-end-4 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-soft">
            <Badge title="The tenant this document belongs to">{tenantName}</Badge>
            {hit.heading !== '' && <bdi className="wrap-anywhere">{hit.heading}</bdi>}
            {hit.page !== undefined && (
              <span className="whitespace-nowrap">{pagesWords(hit.page, hit.last_page ?? hit.page)}</span>
            )}
            <span className="whitespace-nowrap">version {hit.document_version}</span>
          </p>
        </header>
        <div className="gap-x-8 space-y-3 sm:pl-8 lg:grid lg:grid-cols-[minmax(0,1fr)_17rem] lg:space-y-0">
          <PassageText key={hit.content} text={hit.content} ranges={hit.highlights} />
          <div className="min-w-0 space-y-1.5">
            <HitRanks {...{ hit, best, idle }} />
            <HitWords hit={hit} />
          </div>
        </div>
      </article>
    </li>
  )
}

function pagesWords(first: number, last: number): string {
  return first === last ? `page ${first}` : `pages ${first}–${last}`
}
