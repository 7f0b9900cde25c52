// A citation in an answer: its number, and behind it what it quotes, whether that stands there, and the way to the place.
import { Popover } from '@base-ui/react/popover'
import { Check, X } from 'lucide-react'
import { LinkButton } from '../../../parts/actions/button.tsx'
import { RenderedText } from '../../../parts/text/rendered-text.tsx'
import { CITATION_WORDS } from './citation-words.ts'
import type { CitationState, Source } from './checked.ts'
import { StateOfSource } from './source-state.tsx'

/** Told apart by line and sign, not by colour alone. */
const LOOKS: Record<'good' | 'wrong' | 'plain', string> = {
  good: 'border-transparent bg-good-ground text-good',
  wrong: 'border-dashed border-wrong bg-wrong-ground text-wrong',
  plain: 'border-line bg-sunken text-soft',
}

export interface CitationProps {
  readonly n: number
  /** Undefined: no passage has that number. */
  readonly source: Source | undefined
  readonly isChecked: boolean
}

export function Citation({ n, source, isChecked }: CitationProps) {
  const state: CitationState = source?.state ?? (isChecked ? 'unknown' : 'checking')
  const { short, tone } = CITATION_WORDS[state]
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={`Citation ${n}, ${short}${source === undefined ? '' : `: ${source.title}`}`}
        className={`figures relative -top-px mx-px inline-flex min-h-5 min-w-6 items-center justify-center gap-0.5 rounded-sm border px-1 text-xs leading-none font-medium whitespace-nowrap hover:underline pointer-coarse:min-h-6 pointer-coarse:min-w-8 ${LOOKS[tone]}`}
      >
        {n}
        {tone === 'good' && <Check size={10} strokeWidth={3} aria-hidden="true" />}
        {tone === 'wrong' && <X size={10} strokeWidth={3} aria-hidden="true" />}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="start" collisionPadding={12} className="z-50">
          <Popover.Popup className="w-96 max-w-[calc(100vw-1.5rem)] space-y-2 rounded-lg border border-line bg-card p-3 text-sm shadow-pop outline-none">
            <Popover.Title className="font-semibold wrap-anywhere">
              <span className="text-soft">[{n}]</span>{' '}
              <bdi>{source?.title ?? 'A source that is not there'}</bdi>
            </Popover.Title>
            <StateOfSource state={state} />
            {source !== undefined && <Preview source={source} />}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Preview({ source }: { readonly source: Source }) {
  const { docId, version, start, end, page, quote } = source
  return (
    <>
      <blockquote
        // A region that scrolls must be reachable by key (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="max-h-56 overflow-auto border-l-2 border-edge pl-3"
      >
        <RenderedText text={quote} format="markdown" topLevel={4} />
      </blockquote>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="figures text-xs text-soft">
          {page !== undefined && `page ${page} · `}version {version}
        </span>
        <LinkButton
          to="/documents/$documentId"
          params={{ documentId: docId }}
          search={{ version, from: start, to: end }}
        >
          Open at the passage
        </LinkButton>
      </div>
    </>
  )
}
