// Workflows for tests of what tasks survive. Every place at which a process may die is a question to the test's own
// server; what a task writes depends on its name alone, so that a text that was cut or doubled is seen.
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { defineWorkflow, type StepWork, type Workflow } from '../../src/features/agents/workflows/workflow.ts'
import { fault } from '../../src/platform/faults.ts'
import { saidOf, type Asked } from './task-effects.ts'

const said = { title: 'For tests', description: 'For tests.', tags: [], examples: [] }
const input = z.strictObject({ question: z.string() })

/** Of the workflow `durable`, in the order in which a run passes them. */
// biome-ignore format: a row for each step
export const PLACES = [
  'before 1', 'in 1', 'after 1',
  'before 2', 'in 2', 'amid 2', 'after 2',
  'before 3', 'in 3', 'after 3',
  'before 4', 'in 4', 'amid 4', 'after 4',
  'end',
] as const
export const DURABLE_STEPS = ['1', '2', '3', '4'] as const

/** What the artifacts of a `durable` task say when nothing has disturbed it. */
export function undisturbed(task: string): Readonly<Record<string, string>> {
  return {
    'text 2': words(saidOf(task, 'effect 2')).join(''),
    'text 4': words(saidOf(task, 'effect 4')).join(''),
    'result 3': saidOf(task, 'effect 3'),
  }
}

export function taskWorkflows(effectsUrl: string): readonly Workflow[] {
  const ask = asking(effectsUrl)
  return [durable(ask), poison(ask), asks(ask), once(ask), spends(ask), chatty]
}

type Ask = (asked: Omit<Asked, 'pid'>, signal?: AbortSignal) => Promise<string>

function durable(ask: Ask) {
  return defineWorkflow({
    name: 'durable',
    ...said,
    input,
    steps: [
      { name: '1', title: 'One', after: [], replay: 'safe' },
      { name: '2', title: 'Two', after: ['1'], replay: 'keyed' },
      { name: '3', title: 'Three', after: ['2'], replay: 'keyed' },
      { name: '4', title: 'Four', after: ['3'], replay: 'keyed' },
    ],
    async run({ question: task }, work) {
      for (const name of DURABLE_STEPS) {
        await ask({ task, at: `before ${name}` }, work.signal)
        await work.step(name, step => doStep(ask, { task, name }, step))
      }
      await ask({ task, at: 'end' }, work.signal)
      return {}
    },
  })
}

async function doStep(
  ask: Ask,
  { task, name }: { readonly task: string; readonly name: string },
  { key, signal, report, artifact, writeText }: StepWork,
): Promise<{ said: string }> {
  await ask({ task, at: `in ${name}` }, signal)
  const answer = await ask({ task, at: `effect ${name}`, key }, signal)
  report('done', `Step ${name}`, { said: answer })
  if (name === '3') artifact({ id: 'result 3', name: 'result', parts: [{ text: answer }] })
  if (name === '2' || name === '4') {
    const text = { id: `text ${name}`, name: 'text' }
    const pieces = words(answer)
    for (const piece of pieces.slice(0, 4)) writeText(text, piece)
    // Long enough for what was written so far to have been told.
    await pause(200, undefined, { signal })
    await ask({ task, at: `amid ${name}` }, signal)
    for (const piece of pieces.slice(4)) writeText(text, piece)
  }
  await ask({ task, at: `after ${name}` }, signal)
  return { said: answer }
}

/** Its step ends its process, whichever that is, as running out of memory does. */
function poison(ask: Ask) {
  return defineWorkflow({
    name: 'poison',
    ...said,
    input,
    steps: [{ name: '1', title: 'One', after: [], replay: 'safe' }],
    run: async ({ question: task }, work) =>
      work.step('1', async ({ signal }) => {
        await ask({ task, at: 'in 1' }, signal)
        process.kill(process.pid, 'SIGKILL')
        return {}
      }),
  })
}

/** Works, asks the user, and works on. */
function asks(ask: Ask) {
  return defineWorkflow({
    name: 'asks',
    ...said,
    input,
    steps: [
      { name: '1', title: 'One', after: [], replay: 'safe' },
      { name: '2', title: 'Two', after: ['1'], replay: 'safe' },
    ],
    async run({ question: task }, work) {
      await work.step('1', async () => ({}))
      await work.ask('go', 'Go on?')
      await work.step('2', async ({ signal, key }) => {
        await ask({ task, at: 'effect 2', key }, signal)
        return {}
      })
      return {}
    },
  })
}

/** Has an effect that nobody tells from its repetition. */
function once(ask: Ask) {
  return defineWorkflow({
    name: 'once',
    ...said,
    input,
    steps: [{ name: '1', title: 'One', after: [], replay: 'ask' }],
    run: async ({ question: task }, work) =>
      work.step('1', async ({ signal, key }) => {
        await ask({ task, at: 'effect 1', key }, signal)
        await ask({ task, at: 'after 1' }, signal)
        return {}
      }),
  })
}

export const PRICED = 'test:priced'

/** Pays for each of three steps. */
function spends(ask: Ask) {
  return defineWorkflow({
    name: 'spends',
    ...said,
    input,
    steps: [
      { name: '1', title: 'One', after: [], replay: 'keyed' },
      { name: '2', title: 'Two', after: ['1'], replay: 'keyed' },
      { name: '3', title: 'Three', after: ['2'], replay: 'keyed' },
    ],
    async run({ question: task }, work) {
      for (const name of ['1', '2', '3'] as const)
        await work.step(name, ({ call, key, signal }) =>
          call.spend({ step: name, model: PRICED, most: { input: 100 } }, async ({ sent, used }) => {
            await sent()
            await ask({ task, at: `effect ${name}`, key }, signal)
            used({ input: 100 })
            return {}
          }),
        )
      return {}
    },
  })
}

/** Writes a long text. */
const chatty = defineWorkflow({
  name: 'chatty',
  ...said,
  input: z.strictObject({ question: z.string(), pieces: z.int().default(10) }),
  steps: [{ name: '1', title: 'One', after: [], replay: 'safe' }],
  run: async ({ question: task, pieces }, work) =>
    work.step('1', async ({ signal, writeText }) => {
      for (let at = 0; at < pieces; at++) {
        writeText({ id: 'text', name: 'text' }, `${task}-${at} ünd so weiter. `)
        await pause(160, undefined, { signal })
      }
      return {}
    }),
})

function asking(url: string): Ask {
  return async (asked, signal) => {
    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify({ ...asked, pid: process.pid }),
      ...(signal === undefined ? {} : { signal }),
    })
    if (response.status === 503)
      throw fault('unavailable', { reason: 'provider_down', say: 'The provider is away.' })
    return ((await response.json()) as { said: string }).said
  }
}

/** Eight pieces, none of which could be taken for another. */
function words(answer: string): string[] {
  return Array.from({ length: 8 }, (_, at) => `${answer}-${at} `)
}
