import { trace as tracing } from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { context } from '@opentelemetry/api'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { fault } from '../faults.ts'
import { inRequest, requestContext } from './request-context.ts'
import { note, trace, traceId } from './trace.ts'

const spans = new InMemorySpanExporter()
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
tracing.setGlobalTracerProvider(
  new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
)
afterAll(() => {
  tracing.disable()
  context.disable()
})
beforeEach(() => spans.reset())

const named = (name: string): ReadableSpan => {
  const found = spans.getFinishedSpans().find(span => span.name === name)
  if (found === undefined) throw new Error(`no span ${name}`)
  return found
}

test('spans nest as the calls do, through awaits, in one trace', async () => {
  await trace('outer', async () => {
    trace('first', () => 1)
    await trace('second', async () => {
      await Promise.resolve()
      await trace('inner', async () => Promise.resolve())
    })
  })
  const parentOf = (name: string) => named(name).parentSpanContext?.spanId
  expect(parentOf('outer')).toBeUndefined()
  expect(parentOf('first')).toBe(named('outer').spanContext().spanId)
  expect(parentOf('second')).toBe(named('outer').spanContext().spanId)
  expect(parentOf('inner')).toBe(named('second').spanContext().spanId)
  expect(new Set(spans.getFinishedSpans().map(span => span.spanContext().traceId)).size).toBe(1)
})

test('two requests at once do not mix their spans or their timings', async () => {
  const request = (id: string) =>
    inRequest(id, () =>
      trace(id, async () => {
        await trace(`${id}-a`, () => new Promise(resolve => setTimeout(resolve, 5)))
        await trace(`${id}-b`, async () => Promise.resolve())
        return { timings: requestContext()?.timings.map(({ name }) => name), trace: traceId() }
      }),
    )
  const [one, two] = await Promise.all([request('one'), request('two')])
  expect(one.timings).toStrictEqual(['one-a', 'one-b'])
  expect(two.timings).toStrictEqual(['two-a', 'two-b'])
  expect(one.trace).not.toBe(two.trace)
  expect(named('one-b').parentSpanContext?.spanId).toBe(named('one').spanContext().spanId)
})

test('each stage is an entry for Server-Timing, with its name and its milliseconds', async () => {
  await inRequest('r', async () => {
    await trace('slow', () => new Promise(resolve => setTimeout(resolve, 20)))
    trace('fast', () => 1)
    expect(() =>
      trace('broken', () => {
        throw new Error('x')
      }),
    ).toThrow('x')
    await expect(trace('refused', () => Promise.reject(new Error('x')))).rejects.toThrow('x')
    const timings = requestContext()?.timings ?? []
    expect(timings.map(({ name }) => name)).toStrictEqual(['slow', 'fast', 'broken', 'refused'])
    expect(timings[0]?.ms).toBeGreaterThanOrEqual(15)
  })
})

test('what the function returns is returned, a promise or not', async () => {
  expect(trace('sync', () => 5)).toBe(5)
  const promised = trace('async', () => Promise.resolve(6))
  expect(promised).toBeInstanceOf(Promise)
  expect(await promised).toBe(6)
})

describe('a failed stage', () => {
  test.each<[string, () => unknown, string]>([
    ['a fault', () => fault('not_found', { say: 'hunter2', detail: 'hunter2' }), 'not_found'],
    ['any other error', () => new Error('hunter2'), 'internal'],
    ['undefined', () => undefined, 'internal'],
  ])('bears the code of %s, and none of its words', async (_, thrown, type) => {
    const failing = () =>
      trace('sync', () => {
        throw thrown() as Error
      })
    await Promise.resolve()
      .then(failing)
      .catch(() => undefined)
    await trace('async', () => Promise.reject(thrown() as Error)).catch(() => undefined)
    for (const name of ['sync', 'async']) {
      const span = named(name)
      expect(span.status.code, `${name} is an error`).toBe(2)
      expect(span.attributes['error.type']).toBe(type)
      expect(JSON.stringify([span.status, span.attributes, span.events])).not.toContain('hunter2')
    }
  })

  test('ends its span once, and the next one is no child of it', () => {
    expect(() =>
      trace('broken', () => {
        throw new Error('x')
      }),
    ).toThrow('x')
    trace('next', () => 1)
    expect(spans.getFinishedSpans().map(({ name }) => name)).toStrictEqual(['broken', 'next'])
    expect(named('next').parentSpanContext).toBeUndefined()
  })
})

test('note() puts a fact on the stage that is running', () => {
  trace('stage', () => note({ hits: 3, degraded: false }))
  expect(named('stage').attributes).toStrictEqual({ hits: 3, degraded: false })
  expect(() => note({ outside: true })).not.toThrow()
})

test('traceId() is that of the trace, or zeros outside of any', () => {
  expect(traceId()).toBe('0'.repeat(32))
  expect(trace('stage', traceId)).toBe(named('stage').spanContext().traceId)
})
