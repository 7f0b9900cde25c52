import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatehouseError } from '../gatehouse-error.ts'
import { resumeStream, type Piece, type ResumeDeps } from './resume-stream.ts'

const piece = (sequence: number, more: Partial<Piece<number>> = {}): Piece<number> => ({
  sequence,
  item: sequence,
  isSnapshot: false,
  isGap: false,
  ...more,
})
const LOG = Array.from({ length: 30 }, (_, index) => piece(index + 1, index === 29 ? { rest: 'ended' } : {}))
const refused = (code: ConstructorParameters<typeof GatehouseError>[0], reason = 'x') =>
  new GatehouseError(code, 'Refused.', { reason })

const FAST = { canRenew: false, patience: { firstPauseMs: 0, forMs: 2_000 } }

/** Each connection in turn; the last one again and again. */
function following(
  connections: readonly ((after: number | undefined) => Iterable<Piece<number>>)[],
  more: Partial<ResumeDeps<number>> = {},
) {
  const asked: (number | undefined)[] = []
  const seen: number[] = []
  const stream = resumeStream<number>({
    ...FAST,
    async *open(after) {
      asked.push(after)
      yield* (connections[Math.min(asked.length, connections.length) - 1] ?? (() => []))(after)
    },
    ...more,
  })
  const read = async (): Promise<number[]> => {
    for await (const item of stream) seen.push(item)
    return seen
  }
  return { read, asked, seen }
}

function* cutAfter(pieces: readonly Piece<number>[], how: 'clean' | 'broken' = 'clean') {
  yield* pieces
  if (how === 'broken') throw new TypeError('terminated')
}
const after = (from = 0): Piece<number>[] => LOG.slice(from)

test('however often it is cut, every event comes once and in order', async () => {
  const cut = fc.record({
    keep: fc.nat(8),
    overlap: fc.nat(3),
    how: fc.constantFrom('clean' as const, 'broken' as const),
    withSnapshot: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(cut, { maxLength: 12 }), async cuts => {
      const connections = cuts.map(({ keep, overlap, how, withSnapshot }) => (from = 0) => {
        const first = Math.max(0, from - overlap)
        const snapshot = withSnapshot && from > 0 ? [piece(from, { isSnapshot: true })] : []
        return cutAfter([...snapshot, ...after(first).slice(0, keep)], how)
      })
      const { read } = following([...connections, from => after(from)])
      expect(await read()).toEqual(LOG.map(({ sequence }) => sequence))
    }),
    { numRuns: 60 },
  )
})

test('a snapshot comes first, and again only where it stands for events that are lost', async () => {
  const first = piece(5, { isSnapshot: true, item: -5 })
  const gap = piece(20, { isSnapshot: true, isGap: true, item: -20 })
  const { read, asked } = following([
    () => [first, piece(6)],
    () => [piece(6, { isSnapshot: true, item: -6 }), piece(7)],
    () => [gap, ...after(20)],
  ])
  expect(await read()).toEqual([-5, 6, 7, -20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30])
  expect(asked).toEqual([undefined, 6, 7])
})

test('a connection that leaves an event out is given up, and what is missing is asked for', async () => {
  const { read, asked } = following([() => [piece(1), piece(3)], from => after(from)], { after: 0 })
  expect(await read()).toEqual(LOG.map(({ sequence }) => sequence))
  expect(asked).toEqual([0, 1])
})

test('an event that is left out for ever ends it', async () => {
  const { read, seen } = following([() => [piece(1), piece(3)]])
  await expect(read()).rejects.toMatchObject({ reason: 'missing_event' })
  expect(seen).toEqual([1])
})

describe('a refusal', () => {
  test('of the token ends it as auth_expired', async () => {
    const { read } = following([
      () => {
        throw refused('unauthenticated')
      },
    ])
    await expect(read()).rejects.toMatchObject({ code: 'unauthenticated', reason: 'auth_expired' })
  })

  test('of the token is tried once more where there is another', async () => {
    const refuse = () => {
      throw refused('unauthenticated')
    }
    expect(await following([refuse, from => after(from)], { canRenew: true }).read()).toHaveLength(30)
    await expect(following([refuse], { canRenew: true }).read()).rejects.toMatchObject({
      reason: 'auth_expired',
    })
  })

  test('that is for good is thrown as it is', async () => {
    const { read, asked } = following([
      () => {
        throw refused('not_found', 'unknown_task')
      },
    ])
    await expect(read()).rejects.toMatchObject({ code: 'not_found', reason: 'unknown_task' })
    expect(asked).toHaveLength(1)
  })

  test('because the task has ended is an end for who has seen all, and an error for who has seen nothing', async () => {
    const ended = () => {
      throw refused('unsupported', 'task_ended')
    }
    expect(await following([ended], { after: 30 }).read()).toEqual([])
    await expect(following([ended]).read()).rejects.toMatchObject({ reason: 'task_ended' })
  })

  test('that never stops ends it when the patience is over', async () => {
    const away = () => {
      throw refused('unavailable', 'no_server')
    }
    const { read, asked } = following([away], { patience: { firstPauseMs: 1, forMs: 30 } })
    await expect(read()).rejects.toMatchObject({ reason: 'no_server' })
    expect(asked.length).toBeGreaterThan(1)
  })
})

describe('a task that waits for somebody', () => {
  const waits = piece(2, { rest: 'waiting' })

  test.for(['clean', 'broken'] as const)(
    'ends it, after an end that was %s, while it still waits',
    async how => {
      const { read, asked } = following([() => cutAfter([piece(1), waits], how)], {
        isStillWaiting: async () => true,
      })
      expect(await read()).toEqual([1, 2])
      expect(asked).toHaveLength(1)
    },
  )

  test('is followed on where that was long ago', async () => {
    const isStillWaiting = async () => false
    const { read } = following([() => [piece(1), waits], from => after(from)], { isStillWaiting })
    expect(await read()).toHaveLength(30)
  })
})

test('the signal ends it, while it waits for the next connection too', async () => {
  const left = new AbortController()
  const { read, seen } = following(
    [
      () => {
        setTimeout(() => left.abort(), 10)
        return [piece(1)]
      },
    ],
    { signal: left.signal, patience: { firstPauseMs: 60_000, forMs: 600_000 } },
  )
  expect(await read()).toEqual([1])
  expect(seen).toEqual([1])
})

test('whoever stops reading closes the connection', async () => {
  let signal: AbortSignal | undefined
  const stream = resumeStream<number>({
    ...FAST,
    async *open(_, connection) {
      signal = connection
      yield* LOG
    },
  })
  for await (const item of stream) if (item === 3) break
  expect(signal?.aborted).toBe(true)
})
