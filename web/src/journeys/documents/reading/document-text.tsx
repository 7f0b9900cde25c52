// The text of a version with its pages, at the passage that was asked for.
import { ArrowUp, LocateFixed } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { Button } from '../../../parts/actions/button.tsx'
import { Banner } from '../../../parts/shown/banner.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { RenderedText } from '../../../parts/text/rendered-text.tsx'
import type { Span } from '../../../parts/text/text-shape.ts'
import { pageAt, pageSections, wholeLines } from './text-window.ts'
import type { DocumentPart, DocumentText as Loaded } from './use-document-text.ts'

export interface DocumentTextProps {
  readonly loaded: Loaded
  readonly parts: readonly [DocumentPart, ...DocumentPart[]]
  readonly passage: Span | undefined
}

export function DocumentText({ loaded, parts, passage }: DocumentTextProps) {
  const [first] = parts
  const { format, page_starts, characters } = first
  const text = parts.map(({ content }) => content).join('')
  const isThere = passage === undefined || passage.end <= characters
  const shown = useMemo(
    () => wholeLines({ text, start: first.start, characters }, isThere ? passage : undefined),
    [text, first.start, characters, isThere, passage],
  )
  const sections = useMemo(() => pageSections(shown, page_starts), [shown, page_starts])
  const ranges = useMemo(() => (passage === undefined || !isThere ? [] : [passage]), [passage, isThere])
  const box = useRef<HTMLDivElement>(null)
  const show = () => box.current?.querySelector('[data-marked]')?.scrollIntoView({ block: 'center' })
  useScrollOnce(passage, show)
  return (
    <div ref={box}>
      {!isThere && (
        <Banner kind="warn">
          The passage that was asked for does not stand in this version. Here is its text.
        </Banner>
      )}
      {passage !== undefined && isThere && (
        <div className="mb-3 flex flex-wrap items-center gap-2 text-sm text-soft">
          <mark className="px-1 text-ink">The marked passage</mark>
          <span>{placeWords(passage, page_starts)}</span>
          <Button look="quiet" onClick={show}>
            <LocateFixed size={14} aria-hidden="true" /> Go to it
          </Button>
        </div>
      )}
      {loaded.hasPreviousPage && (
        <div className="mb-4 text-center">
          <Button isBusy={loaded.isFetchingPreviousPage} onClick={() => void loaded.fetchPreviousPage()}>
            <ArrowUp size={14} aria-hidden="true" /> Show what comes before
          </Button>
        </div>
      )}
      {text === '' && <p className="text-soft">This version holds no text.</p>}
      {sections.map(section => (
        <section
          key={section.page ?? 0}
          aria-label={section.page === undefined ? 'Text' : `Page ${section.page}`}
          className="mb-4"
        >
          {section.page !== undefined && <PageLine page={section.page} of={page_starts?.length ?? 0} />}
          <RenderedText
            text={section.text}
            format={format}
            start={section.start}
            ranges={ranges}
            topLevel={3}
          />
        </section>
      ))}
      {loaded.isFetchNextPageError && (
        <ProblemNote problem={loaded.error} onRetry={() => void loaded.fetchNextPage()} />
      )}
      {loaded.hasNextPage && <More loaded={loaded} shown={shown.start + shown.text.length} of={characters} />}
    </div>
  )
}

function placeWords({ start, end }: Span, pageStarts: readonly number[] | undefined): string {
  const [first, last] = [pageAt(start, pageStarts), pageAt(end - 1, pageStarts)]
  const place = `characters ${start.toLocaleString()} to ${end.toLocaleString()}`
  if (first === undefined || last === undefined) return place
  return `${first === last ? `page ${first}` : `pages ${first} to ${last}`}, ${place}`
}

function PageLine({ page, of }: { readonly page: number; readonly of: number }) {
  return (
    <p className="figures mb-3 flex items-center gap-3 text-xs text-soft after:h-px after:flex-1 after:bg-line">
      Page {page} of {of}
    </p>
  )
}

/** Loads on when it comes into sight; the button is for who goes by key. */
function More({
  loaded,
  shown,
  of,
}: {
  readonly loaded: Loaded
  readonly shown: number
  readonly of: number
}) {
  const end = useRef<HTMLDivElement>(null)
  const { isFetchingNextPage, fetchNextPage, isFetchNextPageError } = loaded
  useEffect(() => {
    if (end.current === null || isFetchingNextPage || isFetchNextPageError) return undefined
    const observer = new IntersectionObserver(
      entries => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void fetchNextPage()
      },
      { rootMargin: '600px' },
    )
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [isFetchingNextPage, isFetchNextPageError, fetchNextPage])
  return (
    <div ref={end} className="text-center">
      <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        Show more ({Math.floor((shown / of) * 100)} % shown)
      </Button>
    </div>
  )
}

/** To the passage, once for each: whoever reads on is left where they are. */
function useScrollOnce(passage: Span | undefined, show: () => void): void {
  const shownFor = useRef<Span>(undefined)
  useEffect(() => {
    if (passage === undefined || shownFor.current === passage) return undefined
    // After the router has put the page back to where it was.
    const frame = requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        shownFor.current = passage
        show()
      }),
    )
    return () => cancelAnimationFrame(frame)
  }, [passage, show])
}
