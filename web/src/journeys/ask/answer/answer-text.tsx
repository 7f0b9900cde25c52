// The words of an answer: Markdown of a model, shown as text, with its citations to open and what is not supported marked.
import { useCallback, useMemo } from 'react'
import { RenderedText } from '../../../parts/text/rendered-text.tsx'
import type { Span } from '../../../parts/text/text-shape.ts'
import { type AnswerMark, answerMarks, sourceOf } from './answer-marks.ts'
import type { Checked } from './checked.ts'
import { Citation } from './citation.tsx'
import { CITATION_WORDS } from './citation-words.ts'

/** `checked`: left out, numbers in brackets are just that. */
export function AnswerText({ text, checked }: { readonly text: string; readonly checked?: Checked }) {
  const marks = useMemo(
    () => (checked === undefined ? [] : answerMarks(text, checked.unsupported)),
    [text, checked],
  )
  const piece = useCallback(
    (words: string, range: Span) => <Piece words={words} mark={range as AnswerMark} checked={checked} />,
    [checked],
  )
  return <RenderedText text={text} format="markdown" ranges={marks} topLevel={3} piece={piece} />
}

interface PieceProps {
  readonly words: string
  readonly mark: AnswerMark
  readonly checked: Checked | undefined
}

function Piece({ words, mark, checked }: PieceProps) {
  if (mark.kind === 'unsupported') {
    return (
      <mark
        title={CITATION_WORDS[mark.state].long}
        className="bg-wrong-ground decoration-wrong decoration-dashed underline underline-offset-4"
      >
        {words}
      </mark>
    )
  }
  return mark.named.map(named => (
    <Citation
      key={named.n}
      n={named.n}
      source={sourceOf(checked?.sources ?? [], named)}
      isChecked={checked?.verified !== undefined}
    />
  ))
}
