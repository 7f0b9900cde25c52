// How far the making of a tenant is.
import { Check, Circle } from 'lucide-react'
import { Spinner } from '../../../../parts/actions/button.tsx'
import type { Stage } from './make-tenant.ts'

const STAGES: readonly (readonly [Stage, string])[] = [
  ['registered', 'Registered'],
  ['storage', 'Its own storage made'],
  ['owner', 'Owner appointed'],
]

export interface MakingProgressProps {
  readonly done: readonly Stage[]
  readonly isBusy: boolean
  readonly hasOwner: boolean
}

export function MakingProgress({ done, isBusy, hasOwner }: MakingProgressProps) {
  const stages = STAGES.filter(([stage]) => hasOwner || stage !== 'owner')
  const running = stages.find(([stage]) => !done.includes(stage))?.[0]
  return (
    <div role="status" className="rounded-md bg-sunken p-3 text-sm">
      <ol aria-label="How far the tenant is" className="space-y-1">
        {stages.map(([stage, words]) => (
          <li key={stage} className={`flex items-center gap-2 ${done.includes(stage) ? '' : 'text-soft'}`}>
            {done.includes(stage) ? (
              <Check size={14} aria-hidden="true" className="text-good" />
            ) : isBusy && stage === running ? (
              <Spinner />
            ) : (
              <Circle size={14} aria-hidden="true" />
            )}
            {words}
            <span className="unseen">
              {done.includes(stage) ? 'done' : stage === running ? 'under way' : 'to come'}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}
