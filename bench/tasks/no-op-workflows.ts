// Workflows that do nothing, so that what is measured is what a task costs by itself.
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { defineWorkflow } from '../../src/features/agents/workflows/workflow.ts'

const Question = z.strictObject({ question: z.string() })
const undescribed = { title: 'No-op', description: 'Does nothing.', tags: [], examples: [] }

/** Between two ticks: events come one by one, as those of a model do. */
const TICK_MS = 250
const FOUR = ['one', 'two', 'three', 'four'] as const
const TICKS = ['tick-1', 'tick-2', 'tick-3', 'tick-4', 'tick-5', 'tick-6', 'tick-7', 'tick-8'] as const

const oneStep = defineWorkflow({
  ...undescribed,
  name: 'one-step',
  input: Question,
  steps: [stepNamed('one')],
  run: (_input, work) => work.step('one', () => Promise.resolve({})),
})

const fourSteps = defineWorkflow({
  ...undescribed,
  name: 'four-steps',
  input: Question,
  steps: FOUR.map(stepNamed),
  async run(_input, work) {
    for (const name of FOUR) await work.step(name, () => Promise.resolve({}))
    return {}
  },
})

/** Waits to be told to go on: meanwhile it can be followed, and nothing happens. */
const ticking = defineWorkflow({
  ...undescribed,
  name: 'ticking',
  input: Question,
  steps: TICKS.map(stepNamed),
  async run(_input, work) {
    await work.ask('go', 'Shall I?')
    for (const name of TICKS) await work.step(name, ({ signal }) => pause(TICK_MS, {}, { signal }))
    return {}
  },
})

export const noOpWorkflows = [oneStep, fourSteps, ticking]

function stepNamed<Name extends string>(name: Name) {
  return { name, title: name, after: [], replay: 'safe' as const }
}
