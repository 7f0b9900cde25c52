import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { insideTransaction } from '../db/open-transaction.ts'
import type { Fault } from '../faults.ts'
import type { Lookup } from './egress-guard.ts'
import { fetchPublic } from './fetch-public.ts'
import { publicFetcher } from './public-fetcher.ts'

const servers: { close(): unknown; closeAllConnections?(): void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.()
    server.close()
  }
})

const serve = async (answer: RequestListener): Promise<{ port: number; server: Server }> => {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, server }
}
const toLoopback: Lookup = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }])
/** As the product's, but that one loopback address counts as public. */
const fetchLocally = publicFetcher({ lookup: toLoopback, isAllowed: ip => ip === '127.0.0.1' })
const limits = { maxBytes: 1_000, deadlineMs: 1_500 }

const failure = async (fetching: Promise<unknown>): Promise<Fault> => {
  const thrown: unknown = await fetching.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toHaveProperty('say')
  return thrown as Fault
}
const received = async (port: number, path: string): Promise<string> => {
  const { body } = await fetchLocally(`http://files.example.org:${port}${path}`, limits)
  return text(body)
}

describe('what is sent', () => {
  test('is a plain GET with the name as Host: no cookies, no credentials, no compression', async () => {
    const seen: unknown[] = []
    const { port } = await serve(({ method, url, headers }, response) => {
      seen.push({ method, url, headers })
      response.end('ok')
    })
    expect(await received(port, '/a?b=c')).toBe('ok')
    expect(seen).toEqual([
      {
        method: 'GET',
        url: '/a?b=c',
        headers: {
          host: `files.example.org:${port}`,
          'user-agent': 'gatehouse',
          'accept-encoding': 'identity',
          connection: 'close',
        },
      },
    ])
  })
  test('over TLS asks for the name, not for the address it is pinned to', async () => {
    const hello = Promise.withResolvers<string>()
    const server = createTcpServer((socket: Socket) => {
      socket.on('error', () => {})
      socket.once('data', bytes => {
        hello.resolve(bytes.toString('latin1'))
        socket.destroy()
      })
    })
    servers.push(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const fault = await failure(fetchLocally(`https://files.example.org:${port}/`, limits))
    expect(fault.reason).toBe('url_unreachable')
    expect(await hello.promise).toContain('files.example.org')
  })
})

describe('what comes back', () => {
  test.each([
    ['/docs/Annual%20Report.pdf?x=1', 'application/pdf', 'Annual Report.pdf', 'application/pdf'],
    ['/docs/', 'Text/HTML; charset=utf-8', 'docs', 'text/html'],
    ['/', 'nonsense', 'files.example.org', 'application/octet-stream'],
    ['/..%2f..%2fetc%2fpasswd', '', '....etcpasswd', 'application/octet-stream'],
    ['/%00%0a', 'a/b<script>', 'files.example.org', 'application/octet-stream'],
    ['/%ff', 'text/plain', '%ff', 'text/plain'],
  ])('%s of type %j is named %3$j', async (path, type, name, mediaType) => {
    const { port } = await serve((_, response) => response.setHeader('content-type', type).end())
    const fetched = await fetchLocally(`http://files.example.org:${port}${path}`, limits)
    expect(fetched).toMatchObject({ name, mediaType })
    expect(await text(fetched.body)).toBe('')
  })
})

describe('an address that is not public', () => {
  test('is not connected to, whatever the name said', async () => {
    let requests = 0
    const { port } = await serve((_, response) => {
      requests++
      response.end()
    })
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0x7f.1', '0.0.0.0'])
      expect((await failure(fetchPublic(`http://${host}:${port}/`, limits))).reason).toBe('url_not_allowed')
    expect(requests).toBe(0)
  })
  test('in the second answer of a rebinding name is never used: one lookup, and the connection goes to the first', async () => {
    const asked: string[] = []
    const rebinding: Lookup = host => {
      asked.push(host)
      return Promise.resolve([{ address: asked.length === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }])
    }
    const reached: (string | undefined)[] = []
    const { port } = await serve(({ socket }, response) => {
      reached.push(socket.localAddress)
      response.end('first')
    })
    const fetchRebinding = publicFetcher({ lookup: rebinding, isAllowed: ip => ip === '127.0.0.1' })
    // A name that the system cannot resolve: a second lookup anywhere would fail.
    const { body } = await fetchRebinding(`http://rebinding.invalid:${port}/`, limits)
    expect(await text(body)).toBe('first')
    expect(asked).toEqual(['rebinding.invalid'])
    expect(reached).toEqual(['127.0.0.1'])
    expect((await failure(fetchRebinding(`http://rebinding.invalid:${port}/`, limits))).reason).toBe(
      'url_not_allowed',
    )
  })
})

describe('a redirect', () => {
  test.each([
    ['https://other.example/path?token=secret', 'redirects to other.example,'],
    ['/elsewhere?token=secret', 'redirects to files.example.org,'],
    ['http://169.254.169.254/latest/meta-data', 'redirects to an address that cannot be fetched,'],
    ['http://10.0.0.7/secret', 'redirects to an address that cannot be fetched,'],
    ['http://[fd00::7]/secret', 'redirects to an address that cannot be fetched,'],
    ['http://intranet/secret', 'redirects to an address that cannot be fetched,'],
    ['http://[', 'redirects to an address that cannot be fetched,'],
  ])('to %s is not followed', async (location, words) => {
    let requests = 0
    const { port } = await serve((_, response) => {
      requests++
      response.writeHead(302, { location }).end()
    })
    const fault = await failure(received(port, '/?token=secret'))
    expect(fault).toMatchObject({ code: 'invalid_input', reason: 'url_redirects' })
    expect(fault.say).toContain(words)
    expect(`${fault.say}${fault.message}`).not.toMatch(/secret|169\.254|10\.0|fd00|intranet/)
    expect(requests).toBe(1)
  })
})

describe('a body', () => {
  test('that says it is too large is not read', async () => {
    const { port } = await serve((_, response) =>
      response.writeHead(200, { 'content-length': '1001' }).write('x'),
    )
    expect((await failure(received(port, '/a?secret'))).say).toBe(
      `http://files.example.org:${port}/a is larger than 1000 bytes.`,
    )
  })
  test('that turns out too large is broken off, and the connection closed', async () => {
    const closed = Promise.withResolvers<void>()
    let sent = 0
    const { port } = await serve((_, response) => {
      response.on('close', closed.resolve)
      const more = (): void => {
        for (sent += 65_536; response.write(Buffer.alloc(65_536)); sent += 65_536);
      }
      response.on('drain', more)
      more()
    })
    expect((await failure(received(port, '/'))).reason).toBe('url_too_large')
    await closed.promise
    expect(sent).toBeLessThan(20_000_000)
  })
  test('of exactly the allowed size is received', async () => {
    const { port } = await serve((_, response) => response.end('x'.repeat(1_000)))
    expect(await received(port, '/')).toHaveLength(1_000)
  })
  test('that breaks off is no shorter file but a fault', async () => {
    const { port } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '500' }).write('half')
      setTimeout(() => response.destroy(), 20)
    })
    expect((await failure(received(port, '/'))).reason).toBe('url_unreachable')
  })
  test('that is compressed unasked is refused', async () => {
    const { port } = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    )
    expect((await failure(received(port, '/'))).reason).toBe('url_encoded')
  })
  test('that nobody goes on reading has its connection closed', async () => {
    const closed = Promise.withResolvers<void>()
    const { port } = await serve((_, response) => {
      response.on('close', closed.resolve)
      response.write('x')
    })
    const { body } = await fetchLocally(`http://files.example.org:${port}/`, limits)
    const reader = body[Symbol.asyncIterator]()
    await reader.next()
    await reader.return?.()
    await expect(closed.promise).resolves.toBeUndefined()
  })
})

describe('the deadline', () => {
  const hurried = { maxBytes: 1_000, deadlineMs: 200 }
  const within = async (fetching: Promise<unknown>): Promise<Fault> => {
    const start = performance.now()
    const fault = await failure(fetching)
    expect(performance.now() - start).toBeLessThan(1_000)
    return fault
  }

  test('ends a body that drips', async () => {
    let drip: NodeJS.Timeout | undefined
    const { port } = await serve((_, response) => {
      drip = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(drip))
    })
    const { body } = await fetchLocally(`http://files.example.org:${port}/`, hurried)
    expect(await within(text(body))).toMatchObject({ code: 'timeout', reason: 'url_timeout' })
  })
  test('ends a body that nobody has begun to read, and says so to who begins later', async () => {
    const closed = Promise.withResolvers<void>()
    const { port } = await serve((_, response) => {
      response.on('close', closed.resolve)
      response.write('x')
    })
    const { body } = await fetchLocally(`http://files.example.org:${port}/`, hurried)
    await closed.promise
    expect((await within(text(body))).reason).toBe('url_timeout')
  })
  test('ends a server that never answers, and a lookup that never ends', async () => {
    const { port } = await serve(() => {})
    const url = `http://files.example.org:${port}/`
    expect((await within(fetchLocally(url, hurried))).reason).toBe('url_timeout')
    const stuck = publicFetcher({ lookup: () => new Promise(() => {}), isAllowed: () => true })
    expect((await within(stuck(url, hurried))).reason).toBe('url_timeout')
  })
  test('does not keep a caller who has left', async () => {
    const { port } = await serve(() => {})
    const signal = AbortSignal.timeout(50)
    const url = `http://files.example.org:${port}/`
    expect((await within(fetchLocally(url, { ...limits, signal }))).code).toBe('cancelled')
    expect((await within(fetchLocally(url, { ...limits, signal }))).code).toBe('cancelled')
  })
})

describe('an answer', () => {
  test.each([
    [404, 'invalid_input'],
    [401, 'invalid_input'],
    [204, 'invalid_input'],
    [429, 'unavailable'],
    [500, 'unavailable'],
  ])('with status %d is a fault of the code %s that quotes no body', async (status, code) => {
    const { port } = await serve((_, response) =>
      response.writeHead(status).end(status === 204 ? '' : 'secret'),
    )
    const fault = await failure(received(port, '/p?q=secret'))
    expect(fault).toMatchObject({
      code,
      reason: 'url_status',
      say: `http://files.example.org:${port}/p answered with status ${status}.`,
    })
    expect(fault.message).not.toContain('secret')
  })
  test('that does not come because nobody listens names no address', async () => {
    const { port, server } = await serve(() => {})
    server.close()
    const fault = await failure(received(port, '/p?q=secret'))
    expect(fault.reason).toBe('url_unreachable')
    expect(JSON.stringify([fault.say, fault.message, String(fault.cause)])).not.toMatch(/secret|127\.0/)
  })
})

test('nothing is fetched inside an open transaction', async () => {
  await expect(insideTransaction(() => fetchLocally('http://a.example', limits))).rejects.toMatchObject({
    code: 'internal',
  })
})
test('what is no URL is refused', async () => {
  expect((await failure(fetchPublic('not a url', limits))).reason).toBe('url_not_allowed')
})
