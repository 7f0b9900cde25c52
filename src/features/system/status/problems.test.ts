import { expect, test } from 'vitest'
import { problemsOf } from './problems.ts'
import type { Status } from './status-shape.ts'

type Given = Parameters<typeof problemsOf>[0]

const KEY = { id: 'k', status: 'active', created_at: '', age_days: 1, accepted_until: null } as const
const SOUND: Given = { dependencies: [], queues: [], worker_seen_seconds: 1, signing_keys: [KEY] }

function dependency(state: Status['dependencies'][number]['state']): Given['dependencies'] {
  return [{ name: 'ollama', for: 'answers', state, took_ms: null, problem: null, last_failure: null }]
}

test('a sound deployment has no problem', () => {
  expect(problemsOf({ ...SOUND, dependencies: dependency('ok') })).toStrictEqual([])
})

test('each thing that is away, paused or stands still is named', () => {
  for (const state of ['away', 'paused', 'trying'] as const)
    expect(problemsOf({ ...SOUND, dependencies: dependency(state) })).toStrictEqual([
      expect.stringContaining('ollama (answers)'),
    ])
  expect(problemsOf({ ...SOUND, queues: null })).toHaveLength(1)
  expect(problemsOf({ ...SOUND, worker_seen_seconds: 90 })).toStrictEqual([expect.stringContaining('90 s')])
  expect(problemsOf({ ...SOUND, signing_keys: [{ ...KEY, status: 'retiring' }] })).toHaveLength(1)
})

test('a queue that stands still is named, one that is only full is not', () => {
  const queue = { name: 'ingest', waiting: 900, put_off: 0, running: 2, failed: 0 }
  const at = (oldest: number) => [{ ...queue, oldest_waiting_seconds: oldest }]
  expect(problemsOf({ ...SOUND, queues: at(20) })).toStrictEqual([])
  expect(problemsOf({ ...SOUND, queues: at(600) })).toStrictEqual(['A job of ingest waits for 10 min.'])
})

test('what could not be read is not called a problem twice', () => {
  expect(
    problemsOf({ ...SOUND, worker_seen_seconds: null, signing_keys: null, dependencies: dependency('away') }),
  ).toHaveLength(1)
})
