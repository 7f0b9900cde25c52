// What the A2A conformance kit (a2a-tck) asks of an agent under test, as workflows: it says by the beginning of a messageId
// what shall become of the task. Two things it asks for are none of this product's: an answer that is a message instead of
// a task, and parts that are files; those tasks end otherwise, and say so.
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { fault } from '../../src/platform/faults.ts'
import { defineWorkflow, type StepWork, type Workflow } from '../../src/features/agents/workflows/workflow.ts'

/** Whatever the kit sends beside its text is let through. */
const input = z.looseObject({ question: z.string().optional() })
const TEXT = { id: 'tck', name: 'tck' }

const show = (parts: Parameters<StepWork['artifact']>[0]['parts']) => async (work: StepWork) =>
  work.artifact({ ...TEXT, parts })
const report = (...events: string[]) => {
  return async (work: StepWork) => events.forEach(event => work.report(event, `This is ${event}`))
}
const noFiles = async () => {
  throw fault('unsupported', { reason: 'no_file_parts', say: 'Tasks of this server make no files.' })
}

/** What each prefix does, in one step. */
const BEHAVIOURS: Readonly<Record<string, (work: StepWork) => Promise<void>>> = {
  'tck-complete-task': report('complete'),
  'tck-artifact-text': show([{ text: 'Generated text content', media_type: 'text/plain' }]),
  'tck-artifact-data': show([{ data: { key: 'value', count: 42 } }]),
  'tck-artifact-file': noFiles,
  'tck-artifact-file-url': noFiles,
  'tck-message-response': show([{ text: 'Direct message response', media_type: 'text/plain' }]),
  'tck-reject-task': async () => {
    throw fault('forbidden', { reason: 'rejected', say: 'This task is refused.' })
  },
  'tck-stream-001': report('first', 'second'),
  'tck-stream-002': show([{ text: 'Stream artifact' }]),
  'tck-stream-003': report('only'),
  'tck-stream-ordering-001': report('first', 'second', 'third'),
  'tck-stream-artifact-text': show([{ text: 'Streamed text content', media_type: 'text/plain' }]),
  'tck-stream-artifact-file': noFiles,
  'tck-stream-artifact-chunked': async work => {
    for (const piece of ['chunk-1 ', 'chunk-2 ', 'chunk-3']) {
      work.writeText(TEXT, piece)
      // Longer than pieces are gathered: each is an event of its own.
      await pause(250, undefined, { signal: work.signal })
    }
  },
}
const ASKS = 'tck-input-required'
const HOLDS = 'test-resubscribe-message-id'

/** Their names are the prefixes. `holdMs`: how long the task works that clients come back to. */
export function tckWorkflows({ holdMs = 30_000 }: { readonly holdMs?: number } = {}): readonly Workflow[] {
  const hold = async ({ signal }: StepWork) => pause(holdMs, undefined, { signal })
  const inOneStep = Object.entries({ ...BEHAVIOURS, [HOLDS]: hold }).map(([name, work]) =>
    defineWorkflow({
      ...described(name),
      run: async (_input, { step }) => {
        await step('work', async given => {
          await work(given)
          return {}
        })
        return {}
      },
    }),
  )
  const asking = defineWorkflow({
    ...described(ASKS),
    run: async (_input, { ask, step }) => {
      await ask('more', 'Please say more.')
      await step('work', async () => ({}))
      return {}
    },
  })
  return [...inOneStep, asking]
}

const NAMES = [...Object.keys(BEHAVIOURS), ASKS, HOLDS].toSorted((a, b) => b.length - a.length)

/** The workflow that a messageId asks for: of two prefixes the longer one, without any it completes. */
export function workflowFor(messageId: unknown): string {
  return NAMES.find(name => String(messageId).startsWith(name)) ?? 'tck-complete-task'
}

function described(name: string) {
  return {
    name,
    title: name,
    description: 'What the conformance kit asks for.',
    tags: ['conformance'],
    examples: [],
    input,
    steps: [{ name: 'work', title: 'Work', after: [], replay: 'safe' }],
  } as const
}
