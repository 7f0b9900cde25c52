import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { insideTransaction } from '../db/open-transaction.ts'
import { Fault } from '../faults.ts'
import { destination, type Destination, type DestinationSettings, type Post } from './destination.ts'

const KEY = 'sk-canary-key'
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A server on loopback that counts what arrives. */
const serve = async (answer: RequestListener): Promise<{ origin: string; arrived: () => number }> => {
  let arrived = 0
  const server = createServer((request, response) => {
    arrived++
    request.resume()
    answer(request, response)
  })
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrived: () => arrived }
}
/** Answers with these statuses, one after another; the last one for good. */
const statuses =
  (list: readonly number[], headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    const status = list[Math.min(next(list), list.length - 1)] ?? 0
    response.writeHead(status, headers).end(status === 200 ? '{"ok":true}' : `{"secret":"${KEY}"}`)
  }
const counts = new WeakMap<readonly number[], number>()
const next = (list: readonly number[]): number => {
  const at = counts.get(list) ?? 0
  counts.set(list, at + 1)
  return at
}

const SETTINGS = {
  name: 'ollama',
  deadlineMs: 1_500,
  concurrency: 4,
  queue: 100,
  breaker: { consecutive: 3, failureRate: 0.5, window: 10, openMs: 1_000, slowMs: 1_000 },
  retry: { attempts: 1, firstPauseMs: 1, longestPauseMs: 5, longestRetryAfterMs: 1_000 },
} satisfies Omit<DestinationSettings, 'origin'>
const thrice = { retry: { ...SETTINGS.retry, attempts: 3 } }

const to = (origin: string, settings: Partial<DestinationSettings> = {}): Destination =>
  destination({ ...SETTINGS, origin, ...settings })
const POST: Post = {
  path: '/api/embed',
  headers: { authorization: `Bearer ${KEY}` },
  json: { input: ['a'] },
  isSafeToRetry: true,
  maxBytes: 10_000,
}
/** The fault of a call; whatever it is, the key and the answer's words are nowhere in it. */
const failure = async (calling: Promise<unknown>): Promise<Fault> => {
  const thrown: unknown = await calling.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof Fault)) throw new Error(`no fault but ${String(thrown)}`)
  expect(inspect(thrown, { depth: null, showHidden: true })).not.toMatch(/canary|secret/)
  return thrown
}

describe('a call', () => {
  test('posts JSON with the headers given, and returns what the answer says', async () => {
    const seen: unknown[] = []
    const { origin } = await serve((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { method, url, headers } = request
        seen.push([
          method,
          url,
          headers.authorization,
          headers['content-type'],
          Buffer.concat(chunks).toString(),
        ])
        response.end('{"embeddings":[[1]]}')
      })
    })
    expect(await to(origin).post({ ...POST, json: { input: ['ü'] } })).toEqual({ embeddings: [[1]] })
    expect(seen).toEqual([['POST', '/api/embed', `Bearer ${KEY}`, 'application/json', '{"input":["ü"]}']])
  })
  test('goes to its origin and nowhere else', async () => {
    const { origin, arrived } = await serve(statuses([200]))
    expect((await failure(to(origin).post({ ...POST, path: '//other.example/api' }))).code).toBe('internal')
    expect(arrived()).toBe(0)
  })
  test('follows no redirect: neither body nor key go to another host', async () => {
    const other = await serve(statuses([200]))
    const { origin } = await serve((_, response) => response.writeHead(307, { location: other.origin }).end())
    expect(await failure(to(origin).post(POST))).toMatchObject({
      reason: 'provider_failed',
      say: 'ollama answered with status 307.',
    })
    expect(other.arrived()).toBe(0)
  })
  test('is refused inside an open transaction', async () => {
    const { origin, arrived } = await serve(statuses([200]))
    expect((await failure(insideTransaction(() => to(origin).post(POST)))).code).toBe('internal')
    expect(arrived()).toBe(0)
  })
  test('ends at its deadline, dripping answers and all', async () => {
    const { origin } = await serve((_, response) => {
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
    })
    expect(await failure(to(origin, { deadlineMs: 150 }).post(POST))).toMatchObject({
      code: 'unavailable',
      reason: 'provider_timeout',
    })
  })
  test('ends when its caller leaves', async () => {
    const { origin } = await serve(() => {})
    const signal = AbortSignal.timeout(50)
    expect((await failure(to(origin).post({ ...POST, signal }))).code).toBe('cancelled')
  })
  test.each([
    ['HTML', `<html>secret ${KEY}`],
    ['nothing', ''],
    ['half of it', `{"secret":"${KEY}`],
    ['too much', `"${'secret'.repeat(2_000)}"`],
    ['a bottomless pit', '['.repeat(9_999)],
  ])('answered with %s fails without a word of the answer', async (_, body) => {
    const { origin, arrived } = await serve((__, response) => response.end(body))
    expect((await failure(to(origin, thrice).post(POST))).reason).toBe('provider_failed')
    expect(arrived()).toBe(1)
  })
  test('answered with 200 MB reads no more than it may', async () => {
    const closed = Promise.withResolvers<void>()
    let sent = 0
    const { origin } = await serve((_, response) => {
      response.on('close', closed.resolve)
      const block = Buffer.alloc(65_536, 32)
      const more = (): void => {
        while (sent < 200_000_000) {
          sent += block.length
          if (!response.write(block)) return
        }
        response.end()
      }
      response.on('drain', more)
      more()
    })
    expect((await failure(to(origin).post({ ...POST, maxBytes: 1_000_000 }))).say).toBe(
      'ollama sent an answer of more than 1000000 bytes.',
    )
    await closed.promise
    expect(sent).toBeLessThan(50_000_000)
  })
  test('answered with a body that says it is too large closes the connection', async () => {
    const closed = Promise.withResolvers<void>()
    const { origin } = await serve((_, response) => {
      response.on('close', closed.resolve)
      response.writeHead(200, { 'content-length': '200000000' }).write(' ')
    })
    expect((await failure(to(origin).post(POST))).reason).toBe('provider_failed')
    await expect(closed.promise).resolves.toBeUndefined()
  })
  test('after another goes over the same connection', async () => {
    const ports = new Set<number | undefined>()
    const { origin } = await serve(({ socket }, response) => {
      ports.add(socket.remotePort)
      response.end('1')
    })
    const server = to(origin)
    for (let count = 0; count < 5; count++) {
      await server.post(POST)
      // The connection is handed back after the answer's last byte.
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(ports.size).toBe(1)
  })
  test('answered compressed though plain was asked for fails', async () => {
    const { origin } = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'br' }).end('1'),
    )
    expect((await failure(to(origin).post(POST))).reason).toBe('provider_failed')
  })
  test.each([400, 401, 404, 500, 503])('answered with status %d says only that', async status => {
    const { origin } = await serve(statuses([status]))
    expect(await failure(to(origin).post(POST))).toMatchObject({
      code: 'unavailable',
      reason: 'provider_failed',
      say: `ollama answered with status ${status}.`,
    })
  })
})

describe('a retry', () => {
  test.each([429, 502, 503, 504])('follows %d, and the caller sees only the success', async status => {
    const { origin, arrived } = await serve(statuses([status, status, 200]))
    expect(await to(origin, thrice).post(POST)).toEqual({ ok: true })
    expect(arrived()).toBe(3)
  })
  test('is made so often and no more', async () => {
    const { origin, arrived } = await serve(statuses([503]))
    const settings = { retry: { ...thrice.retry, attempts: 2 } }
    expect((await failure(to(origin, settings).post(POST))).reason).toBe('provider_failed')
    expect(arrived()).toBe(2)
  })
  test.each([400, 401, 404, 500])('does not follow %d', async status => {
    const { origin, arrived } = await serve(statuses([status, 200]))
    await failure(to(origin, thrice).post(POST))
    expect(arrived()).toBe(1)
  })
  test('follows a connection that breaks before an answer, only where twice is as good as once', async () => {
    let arrived = 0
    const server = createTcpServer((socket: Socket) => {
      socket.on('error', () => {})
      socket.once('data', () => {
        arrived++
        if (arrived === 1) socket.resetAndDestroy()
        else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1')
      })
    })
    closers.push(() => server.close())
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect((await failure(to(origin, thrice).post({ ...POST, isSafeToRetry: false }))).reason).toBe(
      'provider_failed',
    )
    expect(arrived).toBe(1)
    arrived = 0
    expect(await to(origin, thrice).post(POST)).toBe(1)
    expect(arrived).toBe(2)
  })
  test('does not follow an answer that broke off after its head', async () => {
    const { origin, arrived } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{')
      setTimeout(() => response.destroy(), 10)
    })
    expect((await failure(to(origin, thrice).post(POST))).say).toBe('ollama broke off its answer.')
    expect(arrived()).toBe(1)
  })
  test('without safety follows 429, where nothing was done, and not 503', async () => {
    const busy = await serve(statuses([429, 200]))
    expect(await to(busy.origin, thrice).post({ ...POST, isSafeToRetry: false })).toEqual({ ok: true })
    const failing = await serve(statuses([503, 200]))
    await failure(to(failing.origin, thrice).post({ ...POST, isSafeToRetry: false }))
    expect(failing.arrived()).toBe(1)
  })
  test('waits as long as Retry-After asks', async () => {
    const { origin, arrived } = await serve(statuses([429, 200], { 'retry-after': '1' }))
    const start = performance.now()
    await to(origin, thrice).post(POST)
    expect(performance.now() - start).toBeGreaterThanOrEqual(990)
    expect(arrived()).toBe(2)
  })
  test.each([
    ['2', {}],
    ['1', { deadlineMs: 500 }],
  ])('is left to the caller when Retry-After: %s is too long to wait', async (seconds, settings) => {
    const { origin, arrived } = await serve(statuses([429], { 'retry-after': seconds }))
    expect(await failure(to(origin, { ...thrice, ...settings }).post(POST))).toMatchObject({
      reason: 'provider_busy',
      retryAfterMs: Number(seconds) * 1_000,
    })
    expect(arrived()).toBe(1)
  })
})

describe('the breaker', () => {
  const clock = (): { now: () => number; move: (ms: number) => void } => {
    let time = 0
    return { now: () => time, move: ms => (time += ms) }
  }
  const failTimes = async (server: Destination, times: number): Promise<void> => {
    for (let count = 0; count < times; count++) await failure(server.post(POST))
  }

  test('opens after failures in a row: nothing arrives any more, and the fault says for how long', async () => {
    const { origin, arrived } = await serve(statuses([500]))
    const server = to(origin, { now: clock().now })
    await failTimes(server, 3)
    expect(server.state()).toBe('open')
    expect(await failure(server.post(POST))).toMatchObject({
      code: 'unavailable',
      reason: 'breaker_open',
      retryAfterMs: 1_000,
    })
    expect(arrived()).toBe(3)
  })
  test('half-open lets one of twenty parallel calls through; the others are refused at once', async () => {
    const list = [500, 500, 500, 200]
    const answer = statuses(list)
    const { origin, arrived } = await serve((request, response) =>
      setTimeout(() => answer(request, response), 60),
    )
    const time = clock()
    const server = to(origin, { now: time.now, concurrency: 20 })
    await failTimes(server, 3)
    time.move(1_000)
    expect(server.state()).toBe('half-open')
    const ends = await Promise.allSettled(Array.from({ length: 20 }, () => server.post(POST)))
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ reason: 'breaker_open' })
    expect(arrived()).toBe(4)
    expect(server.state()).toBe('closed')
  })
  test('opens for good answers that come too late', async () => {
    const { origin } = await serve((_, response) => setTimeout(() => response.end('1'), 40))
    const server = to(origin, { breaker: { ...SETTINGS.breaker, slowMs: 20 } })
    for (let count = 0; count < 3; count++) expect(await server.post(POST)).toBe(1)
    expect(server.state()).toBe('open')
  })
  test('takes a call’s own measure of slow where it has one', async () => {
    const { origin } = await serve((_, response) => setTimeout(() => response.end('1'), 40))
    const server = to(origin, { breaker: { ...SETTINGS.breaker, slowMs: 20 } })
    for (let count = 0; count < 5; count++) await server.post({ ...POST, slowMs: 1_000 })
    expect(server.state()).toBe('closed')
  })
  test('opens when callers keep giving up on a server that is slow, not when they leave early', async () => {
    const { origin } = await serve(() => {})
    const leaving = async (server: Destination): Promise<void> => {
      for (let count = 0; count < 3; count++)
        await failure(server.post({ ...POST, signal: AbortSignal.timeout(30) }))
    }
    const patient = to(origin)
    await leaving(patient)
    expect(patient.state()).toBe('closed')
    const strict = to(origin, { breaker: { ...SETTINGS.breaker, slowMs: 10 } })
    await leaving(strict)
    expect(strict.state()).toBe('open')
  })
  test('counts a deadline, and an answer that is no JSON; a refusal is an answer', async () => {
    const silent = await serve(() => {})
    const late = to(silent.origin, { deadlineMs: 20 })
    await failTimes(late, 3)
    expect(late.state()).toBe('open')
    const garbage = await serve((_, response) => response.end('<html>'))
    const babbling = to(garbage.origin)
    await failTimes(babbling, 3)
    expect(babbling.state()).toBe('open')
    const refusing = await serve(statuses([401]))
    const alive = to(refusing.origin)
    await failTimes(alive, 5)
    expect(alive.state()).toBe('closed')
  })
  test('ends the retries of the call that opens it', async () => {
    const { origin, arrived } = await serve(statuses([503]))
    const server = to(origin, { retry: { ...SETTINGS.retry, attempts: 10 } })
    expect((await failure(server.post(POST))).say).toBe('ollama answered with status 503.')
    expect(arrived()).toBe(3)
  })
})

describe('the queue', () => {
  test('holds so many and refuses the next; never more arrive at once than allowed', async () => {
    let running = 0
    let most = 0
    const { origin } = await serve((_, response) => {
      most = Math.max(most, ++running)
      setTimeout(() => {
        running--
        response.end('1')
      }, 30)
    })
    const server = to(origin, { concurrency: 2, queue: 3 })
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => server.post(POST)))
    expect(ends.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 5 }, () => 'fulfilled'),
      ...Array.from({ length: 3 }, () => 'rejected'),
    ])
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ reason: 'provider_busy' })
    expect(most).toBe(2)
    expect(await server.post(POST)).toBe(1)
  })
  test('counts against the deadline', async () => {
    const { origin, arrived } = await serve(() => {})
    const server = to(origin, { concurrency: 1, deadlineMs: 100 })
    const both = await Promise.all([failure(server.post(POST)), failure(server.post(POST))])
    expect(both.map(({ reason }) => reason)).toEqual(['provider_timeout', 'provider_timeout'])
    expect(arrived()).toBe(1)
  })
})
