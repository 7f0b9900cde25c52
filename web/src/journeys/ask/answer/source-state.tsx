// Whether a citation holds, in words, with what that means.
import { CircleCheck, CircleX, Clock } from 'lucide-react'
import { CITATION_WORDS } from './citation-words.ts'
import type { CitationState } from './checked.ts'

const SIGNS = { good: CircleCheck, wrong: CircleX, plain: Clock } as const
const COLOURS = { good: 'text-good', wrong: 'text-wrong', plain: 'text-soft' } as const

export function StateOfSource({
  state,
  isShort = false,
}: {
  readonly state: CitationState
  readonly isShort?: boolean
}) {
  const { short, long, tone } = CITATION_WORDS[state]
  const Sign = SIGNS[tone]
  return (
    <p className="text-xs" title={isShort ? long : undefined}>
      <span className={`inline-flex items-center gap-1 font-medium ${COLOURS[tone]}`}>
        <Sign size={13} aria-hidden="true" /> {short}
      </span>
      {!isShort && <span className="block text-soft">{long}</span>}
    </p>
  )
}
