import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { fault } from '../faults.ts'
import { createLogger, type Logger } from './logger.ts'
import { inRequest, requestContext } from './request-context.ts'
import { startTracing } from './start-tracing.ts'
import { trace, traceId } from './trace.ts'

startTracing()

/** The lines that a function writes, as text and parsed. */
async function logged(
  write: (log: Logger) => void,
  level = 'info',
): Promise<{ raw: string; lines: Record<string, unknown>[] }> {
  const sink = new PassThrough()
  write(createLogger(level, sink))
  sink.end()
  const raw = await text(sink)
  return {
    raw,
    lines: raw
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as Record<string, unknown>),
  }
}

test('a line is JSON: level as a word, time in ISO 8601, message; nothing of the host', async () => {
  const { lines } = await logged(log => log.warn({ port: 8080 }, 'listening'))
  expect(lines).toStrictEqual([
    {
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      port: 8080,
      msg: 'listening',
    },
  ])
})

test('OP05 line breaks and terminal sequences in a value stay inside one escaped line', async () => {
  const forged = 'x\n{"level":"info","msg":"forged"}\r\u001b[2J'
  const { lines } = await logged(log => log.warn({ title: forged }, forged))
  expect(lines).toStrictEqual([expect.objectContaining({ title: forged, msg: forged })])
})

test('a line below the level is not written', async () => {
  expect((await logged(log => log.info('x'), 'warn')).lines).toStrictEqual([])
})

describe('ids', () => {
  test('of request, tenant, user and trace are on every line of the request', async () => {
    let id = ''
    const { lines } = await logged(log =>
      inRequest('r1', () =>
        trace('stage', () => {
          Object.assign(requestContext() ?? {}, { tenantId: 't1', userId: 'u1' })
          id = traceId()
          log.info('inside')
        }),
      ),
    )
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(lines[0]).toMatchObject({ request_id: 'r1', tenant_id: 't1', user_id: 'u1', trace_id: id })
  })

  test('of one request are not on the lines of another', async () => {
    const { lines } = await logged(log => {
      inRequest('r1', () => log.info('one'))
      inRequest('r2', () => log.info('two'))
      log.info('none')
    })
    expect(lines.map(line => line['request_id'])).toStrictEqual(['r1', 'r2', undefined])
  })
})

describe('OP04 secrets stay out', () => {
  const JWT = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from('{"sub":"ada"}').toString('base64url')}.c2lnbmF0dXJl`
  const PASSWORD = 'hunter2-is-the-password'

  test.each<[string, (log: Logger) => void]>([
    [
      'a field',
      log =>
        log.info(
          { authorization: `Bearer ${JWT}`, token: JWT, access_token: JWT, cookie: JWT, password: PASSWORD },
          'x',
        ),
    ],
    [
      'a field of an object',
      log =>
        log.info(
          {
            headers: { authorization: `Bearer ${JWT}`, cookie: JWT },
            body: { token: JWT, password: PASSWORD },
          },
          'x',
        ),
    ],
    [
      'the headers of a request',
      log => log.info({ req: { headers: { authorization: `Bearer ${JWT}`, cookie: JWT } } }, 'x'),
    ],
    [
      'an error that quotes a token',
      log => log.error({ err: new Error(`the issuer said ${JWT} is old`) }, 'x'),
    ],
    [
      'an error that quotes a URL',
      log => log.error({ err: new Error(`connect postgres://app:${PASSWORD}@db/x failed`) }, 'x'),
    ],
    [
      'the cause of a fault',
      log =>
        log.error(
          {
            err: fault('unavailable', {
              detail: 'x',
              because: new Error(`postgres://app:${PASSWORD}@db said ${JWT}`),
            }),
          },
          'x',
        ),
    ],
    ['what is no error', log => log.error({ err: `token ${JWT}` }, 'x')],
  ])('of %s', async (_, write) => {
    const { raw } = await logged(write)
    expect(raw).not.toContain(JWT.split('.')[1])
    expect(raw).not.toContain(PASSWORD)
    expect(raw).toContain('[secret]')
  })
})

test('an error is logged with its kind, its words, its stack and what caused it; of a fault the code', async () => {
  const { lines } = await logged(log => {
    log.error(
      { err: fault('unavailable', { detail: 'pool exhausted', because: new TypeError('socket closed') }) },
      'a',
    )
    log.error({ err: new RangeError('too far') }, 'b')
  })
  expect(lines[0]?.['err']).toMatchObject({
    code: 'unavailable',
    message: 'pool exhausted',
    cause: 'socket closed',
    stack: expect.stringContaining('logger.test') as string,
  })
  expect(lines[1]?.['err']).toMatchObject({ type: 'RangeError', message: 'too far' })
})
