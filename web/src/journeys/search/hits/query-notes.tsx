// What was made of the query, where it is not simply what was typed.
import type { ReactNode } from 'react'
import { LinkButton } from '../../../parts/actions/button.tsx'
import { Banner } from '../../../parts/shown/banner.tsx'
import { counted } from '../ranking/rank-words.ts'
import type { SearchAnswer } from './search-hit.ts'

type Searched = SearchAnswer['searched']

export function QueryNotes({ answer }: { readonly answer: SearchAnswer }) {
  const notes = [...notesOf(answer.searched), ...when(isUnsaid(answer), 'unsaid', UNSAID)]
  return (
    <div className="space-y-2 empty:hidden">
      {answer.degraded !== undefined && (
        <Banner
          kind="warn"
          action={/\bbudget\b/i.test(answer.degraded) && <LinkButton to="/costs">See the budgets</LinkButton>}
        >
          <p className="font-medium">{answer.degraded}</p>
          <p>
            Documents that say it in other words than yours may be missing. The words themselves are searched
            in full.
          </p>
        </Banner>
      )}
      {notes.length > 0 && (
        <ul className="space-y-0.5 text-sm text-soft">
          {notes.map(({ key, words }) => (
            <li key={key} className="wrap-anywhere">
              {words}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

const UNSAID = 'No document holds these words. Below are the ones most like them, which may be far off.'

/** Likeness always finds something: whoever reads it must know that the words found nothing. */
function isUnsaid({ hits, weights }: SearchAnswer): boolean {
  return (
    weights.bm25 > 0 && hits.length > 0 && hits.every(({ explanation }) => explanation.lexical === undefined)
  )
}

function notesOf(searched: Searched): { readonly key: string; readonly words: ReactNode }[] {
  const { corrections = [], phrases = [], excluded = [], citations = [] } = searched
  const { near_duplicates: copies = 0, terms_left_out: leftOut, cleaned } = searched
  return [
    ...corrections.map(({ from, to }) => ({
      key: `correction ${from}`,
      words: (
        <>
          Showing results for <Word text={to} /> instead of{' '}
          <del className="text-soft">
            <bdi>{from}</bdi>
          </del>
          , which stands in no document.
        </>
      ),
    })),
    ...listed('phrase', phrases, words => <>Every passage must hold {words} as quoted.</>),
    ...listed('excluded', excluded, words => <>Documents that hold {words} are left out.</>),
    ...listed('citation', citations, words => <>Passages that cite {words} to the letter come first.</>),
    ...when(
      copies > 0,
      'copies',
      `${counted(copies, 'document')} moved to the end: better ones say nearly the same.`,
    ),
    ...when(leftOut > 0, 'cut', `Only the 64 rarest words were looked up; ${leftOut} were left out.`),
    ...when(cleaned, 'cleaned', 'Characters that no text can hold were removed from the query.'),
  ]
}

function listed(key: string, texts: readonly string[], say: (words: ReactNode) => ReactNode) {
  const words = texts.map((text, at) => (
    <span key={text}>
      {at > 0 && ', '}
      <Word text={text} />
    </span>
  ))
  return texts.length === 0 ? [] : [{ key, words: say(words) }]
}

function when(isSo: boolean, key: string, words: string) {
  return isSo ? [{ key, words }] : []
}

function Word({ text }: { readonly text: string }) {
  return <bdi className="font-medium text-ink">“{text}”</bdi>
}
