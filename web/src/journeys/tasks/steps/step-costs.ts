// Which step of a task spent what: the ledger names what was paid for, and when; the step that ran then is the one. Pure.
import type { TaskEvent } from '../../../../../src/protocols/client/task/task-shape.ts'
import type { StepView } from '../../../../../src/protocols/client/task/task-view.ts'
import type { Output } from '../../../api/call.ts'

type Charge = Output<'get_task_cost'>['steps'][number]

export interface StepCost {
  readonly models: readonly string[]
  readonly requests: number
  readonly units_in: number
  readonly units_out: number
  readonly cost_nano: string
}

/** By the steps' names, all attempts together. What fits none is in no step, but in the task's total. */
export function costOfSteps(
  steps: readonly StepView[],
  charges: readonly Charge[],
  events: readonly TaskEvent[],
): ReadonlyMap<string, StepCost> {
  const costs = new Map<string, StepCost>()
  const spans = steps.flatMap(step => spanOf(step, events))
  for (const charge of charges) {
    const name = stepOf(charge, spans)
    if (name !== undefined) costs.set(name, added(costs.get(name), charge))
  }
  return costs
}

interface Span {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** From its first attempt on: what was interrupted was paid for too. */
function spanOf({ name, began_at, ended_at }: StepView, events: readonly TaskEvent[]): Span[] {
  const first = events.find(event => event.kind === 'step' && event.step === name)?.at ?? began_at
  if (first === undefined) return []
  return [
    {
      name,
      from: Date.parse(first),
      to: ended_at === undefined ? Number.POSITIVE_INFINITY : Date.parse(ended_at),
    },
  ]
}

/** Of steps that ran side by side the one that began last: a step's first charge comes soon after its begin. */
function stepOf({ step, first_at }: Charge, spans: readonly Span[]): string | undefined {
  if (spans.some(({ name }) => name === step)) return step
  const at = Date.parse(first_at)
  return spans
    .filter(({ from, to }) => from <= at && at <= to)
    .toSorted((a, b) => a.from - b.from)
    .at(-1)?.name
}

function added(before: StepCost | undefined, charge: Charge): StepCost {
  const { model, requests, units_in, units_out, cost_nano } = charge
  if (before === undefined) return { models: [model], requests, units_in, units_out, cost_nano }
  return {
    models: [...new Set([...before.models, model])],
    requests: before.requests + requests,
    units_in: before.units_in + units_in,
    units_out: before.units_out + units_out,
    cost_nano: String(BigInt(before.cost_nano) + BigInt(cost_nano)),
  }
}
