// Things that were looked at, each with how it stands: by a word, not by colour alone.
import { CircleAlert, CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { Spinner } from '../../parts/actions/button.tsx'

export interface Check {
  readonly what: string
  /** Undefined: it is being looked at. */
  readonly isGood: boolean | undefined
  readonly words: ReactNode
}

export function Checks({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <div role="status">
      <ul className="space-y-2 text-sm">
        {checks.map(({ what, isGood, words }) => (
          <li key={what} className="flex items-start gap-2">
            <span
              className={`mt-0.5 shrink-0 ${isGood === true ? 'text-good' : isGood === false ? 'text-warn' : 'text-soft'}`}
            >
              <Mark isGood={isGood} />
            </span>
            <span className="min-w-0 wrap-anywhere">
              <span className="font-medium">{what}:</span> <span className="text-soft">{words}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Mark({ isGood }: { readonly isGood: boolean | undefined }) {
  if (isGood === undefined) return <Spinner />
  return isGood ? (
    <CircleCheck size={16} aria-label="good" />
  ) : (
    <CircleAlert size={16} aria-label="not good" />
  )
}
