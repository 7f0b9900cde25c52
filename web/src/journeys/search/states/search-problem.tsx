// A search that failed. One that came too fast goes on by itself, when the server has room again.
import { useEffect, useEffectEvent, useState } from 'react'
import { asProblem } from '../../../api/problem.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { Banner } from '../../../parts/shown/banner.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'

export interface SearchProblemProps {
  readonly problem: unknown
  readonly onRetry: () => void
}

export function SearchProblem({ problem, onRetry }: SearchProblemProps) {
  const { code, retryAfterMs } = asProblem(problem)
  if (code !== 'rate_limited' || retryAfterMs === undefined) return <ProblemNote {...{ problem, onRetry }} />
  return <TooFast waitMs={retryAfterMs} onRetry={onRetry} />
}

/** So long nobody wants to wait for it without being asked. */
const LONGEST_WAIT_MS = 30_000

function TooFast({ waitMs, onRetry }: { readonly waitMs: number; readonly onRetry: () => void }) {
  const [until] = useState(() => Date.now() + waitMs)
  const [left, setLeft] = useState(waitMs)
  const goesOn = waitMs <= LONGEST_WAIT_MS
  const again = useEffectEvent(onRetry)
  useEffect(() => {
    const timer = setInterval(() => {
      const now = until - Date.now()
      setLeft(now)
      if (now > 0) return
      clearInterval(timer)
      if (goesOn) again()
    }, 250)
    return () => clearInterval(timer)
  }, [until, goesOn])
  const seconds = Math.max(1, Math.ceil(left / 1_000))
  return (
    <Banner kind="warn" action={<Button onClick={onRetry}>Search now</Button>}>
      <p className="font-medium">Too many searches in a short time.</p>
      <p>
        {goesOn ? 'The search goes on by itself ' : 'Search again '}
        {/* Counted down for the eye; whoever hears the page is told once. */}
        <span aria-hidden="true" className="figures">
          {left > 0 ? `in ${seconds} s` : 'now'}
        </span>
        <span className="unseen">as soon as there is room</span>.
      </p>
    </Banner>
  )
}
