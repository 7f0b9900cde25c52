// The steps of a task, one below the other: state, attempt, time, what each said, and what it cost.
import { Check, Circle, CircleSlash, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { StepState, StepView } from '../../../../../src/protocols/client/task/task-view.ts'
import { Spinner } from '../../../parts/actions/button.tsx'
import { Badge } from '../../../parts/shown/badge.tsx'
import { Money } from '../../../parts/shown/money.tsx'
import { durationWords } from '../../../parts/shown/time.tsx'
import type { StepCost } from './step-costs.ts'

export interface TimelineProps {
  readonly steps: readonly StepView[]
  readonly costs: ReadonlyMap<string, StepCost>
}

export function Timeline({ steps, costs }: TimelineProps) {
  return (
    <ol aria-label="Steps">
      {steps.map(step => (
        <Step key={step.name} step={step} cost={costs.get(step.name)} />
      ))}
    </ol>
  )
}

function Step({ step, cost }: { readonly step: StepView; readonly cost: StepCost | undefined }) {
  const { title, state, attempt, said } = step
  return (
    <li
      className="group relative flex gap-3 pb-4 last:pb-0"
      aria-current={state === 'running' ? 'step' : undefined}
    >
      <span aria-hidden="true" className="absolute top-6 bottom-0 left-2.5 w-px bg-line group-last:hidden" />
      <Sign state={state} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className={`wrap-anywhere ${state === 'waiting' ? 'text-soft' : 'font-medium'}`}>
            {title}
          </span>
          {attempt > 1 && (
            <Badge tone="warn" title="It was interrupted and begun again.">
              attempt {attempt}
            </Badge>
          )}
          {(state === 'failed' || state === 'canceled') && (
            <Badge tone={state === 'failed' ? 'wrong' : 'plain'}>
              {state === 'failed' ? 'failed' : 'cancelled'}
            </Badge>
          )}
          <span className="figures ml-auto text-xs text-soft">
            <Took step={step} />
          </span>
        </p>
        {said.map((words, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- they are never put in another order
          <p key={index} className="text-sm wrap-anywhere text-soft">
            {words}
          </p>
        ))}
        {cost !== undefined && <Cost cost={cost} />}
      </div>
    </li>
  )
}

const SIGNS: Record<Exclude<StepState, 'running'>, readonly [typeof Check, string, string]> = {
  waiting: [Circle, 'border-line text-soft', 'Not begun'],
  done: [Check, 'border-transparent bg-good-ground text-good', 'Done'],
  failed: [X, 'border-transparent bg-wrong-ground text-wrong', 'Failed'],
  canceled: [CircleSlash, 'border-line text-soft', 'Cancelled'],
}

function Sign({ state }: { readonly state: StepState }) {
  const [Icon, look, words] =
    state === 'running'
      ? [Spinner, 'border-transparent bg-accent-ground text-accent', 'Running']
      : SIGNS[state]
  return (
    <span
      className={`z-10 flex size-5 shrink-0 items-center justify-center rounded-full border bg-card ${look}`}
    >
      {Icon === Spinner ? <Spinner /> : <Icon size={12} aria-hidden="true" />}
      <span className="unseen">{words}:</span>
    </span>
  )
}

function Took({ step: { state, attempt, began_at, ended_at } }: { readonly step: StepView }) {
  const now = useNow(state === 'running')
  // It had begun: its task waits for somebody.
  if (state === 'waiting' && attempt > 0) return 'stands still'
  if (began_at === undefined) return null
  const end = ended_at === undefined ? (state === 'running' ? now : undefined) : Date.parse(ended_at)
  return end === undefined ? null : durationWords(Math.max(0, end - Date.parse(began_at)))
}

const TICK_MS = 500

function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isTicking) return undefined
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [isTicking])
  return now
}

function Cost({ cost: { models, requests, units_in, units_out, cost_nano } }: { readonly cost: StepCost }) {
  return (
    <p className="figures mt-0.5 flex flex-wrap gap-x-3 text-xs text-soft">
      <span className="wrap-anywhere">{models.join(', ')}</span>
      <span>
        {requests.toLocaleString()} {requests === 1 ? 'call' : 'calls'}
      </span>
      <span>
        {units_in.toLocaleString()} tokens in, {units_out.toLocaleString()} out
      </span>
      <Money nano={cost_nano} />
    </p>
  )
}
