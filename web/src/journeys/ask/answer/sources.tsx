// What an answer rests on, and what in it rests on nothing.
import { Link } from '@tanstack/react-router'
import { CITATION_WORDS } from './citation-words.ts'
import type { Checked, Source, Unsupported } from './checked.ts'
import { plainWords } from './plain-words.ts'
import { StateOfSource } from './source-state.tsx'

export function Sources({ checked }: { readonly checked: Checked }) {
  const { sources, unsupported, verified } = checked
  if (sources.length === 0 && unsupported.length === 0) return null
  const heading = verified === undefined ? 'Passages it is written from' : 'Sources'
  return (
    <div className="mt-4 space-y-3">
      {unsupported.length > 0 && <NotSupported unsupported={unsupported} />}
      {sources.length > 0 && (
        <section aria-label={heading}>
          <h3 className="mb-1.5 text-xs font-medium text-soft">{heading}</h3>
          <ol className="grid gap-2 sm:grid-cols-2">
            {sources.map(source => (
              <OneSource key={`${source.n} ${source.start}`} source={source} />
            ))}
          </ol>
        </section>
      )}
    </div>
  )
}

function OneSource({ source }: { readonly source: Source }) {
  const { n, docId, version, title, page, start, end, quote, state } = source
  const isWrong = CITATION_WORDS[state].tone === 'wrong'
  return (
    <li
      className={`min-w-0 rounded-md border bg-card p-2.5 text-sm ${isWrong ? 'border-dashed border-wrong' : 'border-line'}`}
    >
      <div className="flex items-baseline gap-2">
        <span className="figures text-xs text-soft">[{n}]</span>
        <Link
          to="/documents/$documentId"
          params={{ documentId: docId }}
          search={{ version, from: start, to: end }}
          className="min-w-0 font-medium wrap-anywhere hover:underline"
        >
          <bdi>{title}</bdi>
        </Link>
      </div>
      <div className="mt-0.5 flex flex-wrap items-center gap-x-3">
        {state !== 'checking' && <StateOfSource state={state} isShort />}
        <span className="figures text-xs text-soft">
          {page !== undefined && `page ${page} · `}version {version}
        </span>
      </div>
      <p className="mt-1 line-clamp-2 text-xs wrap-anywhere text-soft">{plainWords(quote)}</p>
    </li>
  )
}

function NotSupported({ unsupported }: { readonly unsupported: readonly Unsupported[] }) {
  return (
    <section
      aria-label="Not supported by what it cites"
      className="rounded-md border border-dashed border-wrong bg-wrong-ground p-3 text-sm"
    >
      <h3 className="font-medium text-wrong">Not supported by what it cites</h3>
      <ul className="mt-1 space-y-1">
        {unsupported.map(({ text, state }, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- they are never put in another order
          <li key={index} className="wrap-anywhere">
            <bdi>“{text}”</bdi>{' '}
            <span className="text-xs whitespace-nowrap text-wrong">— {CITATION_WORDS[state].short}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
