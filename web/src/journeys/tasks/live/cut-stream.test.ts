// A task that is followed over connections that break: as the page does it, against a server that cuts.
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { follow, type Connection } from '../../../api/follow.ts'
import type { Task, TaskEvent } from '../../../api/operations.gen.ts'
import { connectionWords, NEVER_LOST, toldAfter } from './connection-words.ts'
import { notYetFollowed, withAnswer } from './followed.ts'
import { snapshotOf } from './task-shapes.ts'

const EVENTS = Array.from({ length: 12 }, (_, index) => eventOf(index + 1))
const WHOLE = EVENTS.map(({ sequence }) => `${sequence} `).join('')
const TASK: Task = {
  task_id: 't',
  context_id: 'c',
  workflow: 'rag',
  status: { state: 'working', at: '' },
  created_at: '',
  cost_nano: '0',
  last_sequence: 0,
}

function eventOf(sequence: number): TaskEvent & { readonly kind: 'artifact' } {
  const parts = [{ text: `${sequence} ` }]
  return {
    sequence,
    at: '',
    kind: 'artifact',
    artifact_id: 'answer',
    name: 'answer',
    parts,
    append: true,
    last: false,
  }
}

/** Each answer breaks off after so many characters; the one behind the last comes whole. */
function cuttingServer(cuts: readonly number[]) {
  const lastIds: (string | undefined)[] = []
  const answer = (_path: string, { headers }: { readonly headers: Readonly<Record<string, string>> }) => {
    const lastId = headers['last-event-id']
    const cut = cuts[lastIds.length]
    lastIds.push(lastId)
    const left = EVENTS.filter(({ sequence }) => sequence > Number(lastId ?? 0))
    const whole = [...left.map(event => messageOf([event])), 'event: end\ndata: {}\n\n'].join('')
    return Promise.resolve(new Response(whole.slice(0, cut)))
  }
  return { answer, lastIds }
}

function messageOf(events: readonly TaskEvent[]): string {
  const last_sequence = events.at(-1)?.sequence ?? 0
  return `id: ${last_sequence}\ndata: ${JSON.stringify({ events, last_sequence, is_over: false })}\n\n`
}

/** Follows to the end; no pause is waited out, as if the network were back at once. */
async function followed(cuts: readonly number[]) {
  const { answer, lastIds } = cuttingServer(cuts)
  const page = new EventTarget()
  vi.stubGlobal('window', page)
  vi.stubGlobal('fetch', answer)
  let state = notYetFollowed(snapshotOf(TASK), [])
  let told = NEVER_LOST
  const said: (string | undefined)[] = []
  const onConnection = (connection: Connection): void => {
    told = toldAfter(told, connection, state.view.last_sequence)
    said.push(connectionWords(connection, told, state)?.words)
    if (connection.state === 'reconnecting') setTimeout(() => page.dispatchEvent(new Event('online')))
  }
  const { signal } = new AbortController()
  await follow(
    'follow_task',
    { task_id: 't', after: 0 },
    {
      signal,
      onConnection,
      onOutput: output => {
        state = withAnswer(state, output)
      },
    },
  )
  return { state, said, lastIds }
}

afterEach(() => vi.unstubAllGlobals())

test('after a cut the stream goes on behind the last event that was seen, and the page says so', async () => {
  const twoEvents = messageOf(EVENTS.slice(0, 1)).length * 2
  const { state, said, lastIds } = await followed([twoEvents + 20])
  expect(lastIds).toEqual([undefined, '2'])
  expect(state.view.artifacts[0]?.parts).toEqual([{ text: WHOLE }])
  expect(said).toContain('Connection lost, trying again (1). The task goes on without you.')
  expect(said.at(-1)).toBe('Back: nothing was missed. Events 1 to 12 are all here, 10 events since.')
})

test('wherever it is cut and how often, every event is there once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(900), { maxLength: 4 }), async cuts => {
      const { state } = await followed(cuts)
      expect(state.events.map(({ sequence }) => sequence)).toEqual(EVENTS.map(({ sequence }) => sequence))
      expect(state.view.artifacts[0]?.parts).toEqual([{ text: WHOLE }])
      expect(state.missing).toEqual([])
    }),
    { numRuns: 30 },
  )
})
