import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { Secret, type Config } from '../config.ts'
import { Fault } from '../faults.ts'
import { embedders } from './embedders.ts'

const KEY = 'sk-canary-key'
const NONE: Config['embeddings'] = {
  ollamaUrl: undefined,
  openai: undefined,
  teiUrl: undefined,
  queryMs: 300,
  deadlineMs: 1_500,
}
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

interface Asked {
  readonly url: string | undefined
  readonly authorization: string | undefined
  readonly body: { readonly model?: string; readonly input?: string[]; readonly inputs?: string[] }
}
type Answer = (asked: Asked, response: ServerResponse) => unknown

/** A server on loopback; what `answer` returns is sent as JSON, unless it wrote something itself. */
const serve = async (answer: Answer): Promise<{ url: string; asked: Asked[] }> => {
  const asked: Asked[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = {
      url: request.url,
      authorization: request.headers.authorization,
      body: (await json(request)) as Asked['body'],
    }
    asked.push(one)
    const value = answer(one, response)
    if (!response.headersSent) response.end(typeof value === 'string' ? value : JSON.stringify(value))
  }
  const server = createServer((request, response) => void handle(request, response))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}
/** A vector that tells its text by its first number. */
const vectorOf = (text: string): number[] => [Number(/\d+/.exec(text)?.[0] ?? 1), 1, 0]
const firstNumbers = (vectors: readonly (Float32Array | null)[]): (number | null)[] =>
  vectors.map(vector => vector && Math.round(vector[0]! / vector[1]!))

const failure = async (work: Promise<unknown>): Promise<Fault> => {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof Fault)) throw new Error(`no fault but ${inspect(thrown)}`)
  expect(inspect(thrown, { depth: null, showHidden: true })).not.toContain('canary')
  return thrown
}

describe('a model of', () => {
  const model = (name: string) => ({ number: 2, name, dimension: 3 })

  test('Ollama is asked at /api/embed by its name, colon and all', async () => {
    const { url, asked } = await serve(({ body }) => ({ embeddings: body.input?.map(vectorOf) }))
    const embedder = embedders({ ...NONE, ollamaUrl: `${url}/` }).open(model('ollama:nomic-embed-text:v1.5'))
    expect(embedder.model).toEqual(model('ollama:nomic-embed-text:v1.5'))
    expect(firstNumbers(await embedder.embed(['text 7', 'text 8']))).toEqual([7, 8])
    expect(asked).toEqual([
      {
        url: '/api/embed',
        authorization: undefined,
        body: { model: 'nomic-embed-text:v1.5', input: ['text 7', 'text 8'] },
      },
    ])
  })
  test('an OpenAI-compatible server is asked below its base, with the key; vectors go to the texts they name', async () => {
    const { url, asked } = await serve(({ body }) => ({
      data: body.input?.map((text, index) => ({ index, embedding: vectorOf(text) })).toReversed(),
    }))
    const settings = { ...NONE, openai: { baseUrl: `${url}/v1/`, apiKey: new Secret(KEY) } }
    const embedder = embedders(settings).open(model('openai:text-embedding-3-small'))
    expect(firstNumbers(await embedder.embed(['3', '4', '5']))).toEqual([3, 4, 5])
    expect(asked[0]).toMatchObject({ url: '/v1/embeddings', authorization: `Bearer ${KEY}` })
  })
  test('an OpenAI-compatible server without a key is asked without one', async () => {
    const { url, asked } = await serve(() => ({ data: [{ index: 0, embedding: [1, 1, 1] }] }))
    await embedders({ ...NONE, openai: { baseUrl: url, apiKey: undefined } })
      .open(model('openai:m'))
      .embed(['a'])
    expect(asked[0]).toMatchObject({ url: '/embeddings', authorization: undefined })
  })
  test('TEI is asked at /embed, and to cut what is too long for it', async () => {
    const { url, asked } = await serve(({ body }) => body.inputs?.map(vectorOf))
    const embedder = embedders({ ...NONE, teiUrl: `${url}/tei` }).open(model('tei:bge-m3'))
    expect(firstNumbers(await embedder.embed(['9']))).toEqual([9])
    expect(asked[0]).toMatchObject({ url: '/tei/embed', body: { inputs: ['9'], truncate: true } })
  })
})

describe('what is sent', () => {
  const ollama = async () => {
    const server = await serve(({ body }) => ({ embeddings: body.input?.map(vectorOf) }))
    const embedder = embedders({ ...NONE, ollamaUrl: server.url }).open({
      number: 2,
      name: 'ollama:m',
      dimension: 3,
    })
    return { ...server, embedder }
  }

  test('goes in portions of 32, and comes back in order', async () => {
    const { asked, embedder } = await ollama()
    const texts = Array.from({ length: 70 }, (_, at) => `text ${at + 1}`)
    expect(firstNumbers(await embedder.embed(texts))).toEqual(texts.map((_, at) => at + 1))
    expect(asked.map(({ body }) => body.input?.length)).toEqual([32, 32, 6])
  })
  test('holds no blank texts: null stands in their place', async () => {
    const { asked, embedder } = await ollama()
    const texts = ['', 'text 2', ' \n\t', '\u200b\u00ad\u2028', 'text 5', '\u0000']
    expect(firstNumbers(await embedder.embed(texts))).toEqual([null, 2, null, null, 5, null])
    expect(asked.map(({ body }) => body.input)).toEqual([['text 2', 'text 5']])
    expect(await embedder.embed(['', ' '])).toEqual([null, null])
    expect(await embedder.embed([])).toEqual([])
    expect(asked).toHaveLength(1)
  })
  test('is cut at 8,000 characters, and never holds half a surrogate pair', async () => {
    const { asked, embedder } = await ollama()
    await embedder.embed([`${'a'.repeat(7_999)}😀`, 'b'.repeat(9_000), 'c\ud800'])
    expect(asked[0]?.body.input).toEqual([`${'a'.repeat(7_999)}\ufffd`, 'b'.repeat(8_000), 'c\ufffd'])
  })
  test('stops when the caller is gone', async () => {
    const { asked, embedder } = await ollama()
    expect((await failure(embedder.embed(['text'], AbortSignal.abort()))).code).toBe('cancelled')
    expect(asked).toEqual([])
  })
})

describe('an answer that is garbage gives a fault and not one vector', () => {
  const bad: [string, Answer][] = [
    [
      'a wrong dimension',
      () => ({
        embeddings: [
          [1, 2],
          [1, 2],
        ],
      }),
    ],
    [
      'NaN as null',
      () => ({
        embeddings: [
          [1, 2, 3],
          [1, null, 3],
        ],
      }),
    ],
    ['1e400', () => '{"embeddings":[[1,2,3],[1,1e400,3]]}'],
    [
      'strings',
      () => ({
        embeddings: [
          ['1', '2', '3'],
          ['1', '2', '3'],
        ],
      }),
    ],
    ['fewer vectors', () => ({ embeddings: [[1, 2, 3]] })],
    [
      'zeros',
      () => ({
        embeddings: [
          [1, 2, 3],
          [0, 0, 0],
        ],
      }),
    ],
    [
      'no field',
      () => ({
        vectors: [
          [1, 2, 3],
          [1, 2, 3],
        ],
      }),
    ],
    [
      'a list',
      () => [
        [1, 2, 3],
        [1, 2, 3],
      ],
    ],
    ['null', () => null],
    ['a field of the prototype only', () => '{"__proto__":{"embeddings":[[1,2,3],[1,2,3]]}}'],
  ]
  test.each(bad)('%s', async (_, answer) => {
    const { url } = await serve(answer)
    const embedder = embedders({ ...NONE, ollamaUrl: url }).open({
      number: 2,
      name: 'ollama:m',
      dimension: 3,
    })
    expect(await failure(embedder.embed(['a', 'b']))).toMatchObject({
      code: 'unavailable',
      reason: 'bad_embedding',
    })
  })
  test('in a later portion too', async () => {
    const { url } = await serve(({ body }) => ({
      embeddings: body.input?.map(text => (text === '33' ? [0, 0, 0] : [1, 2, 3])),
    }))
    const embedder = embedders({ ...NONE, ollamaUrl: url }).open({
      number: 2,
      name: 'ollama:m',
      dimension: 3,
    })
    const texts = Array.from({ length: 40 }, (_, at) => String(at + 1))
    expect((await failure(embedder.embed(texts))).reason).toBe('bad_embedding')
  })
  test.each<[string, Answer]>([
    ['HTML', () => `<html>${KEY}`],
    [
      'an error that quotes the key',
      (_, response) => response.writeHead(401).end(`{"error":"bad key ${KEY}"}`),
    ],
    ['nothing', () => ''],
  ])('%s', async (_, answer) => {
    const { url } = await serve(answer)
    const openai = { baseUrl: url, apiKey: new Secret(KEY) }
    const embedder = embedders({ ...NONE, openai }).open({ number: 2, name: 'openai:m', dimension: 3 })
    expect(await failure(embedder.embed(['a', 'b']))).toMatchObject({
      code: 'unavailable',
      reason: 'provider_failed',
    })
  })
  test.each([
    ['twice the same text', [0, 0]],
    ['a text that was not asked for', [0, 2]],
    ['no text', [0, null]],
    ['a text in words', [0, '1']],
  ])('vectors that name %s', async (_, indexes) => {
    const { url } = await serve(() => ({ data: indexes.map(index => ({ index, embedding: [1, 2, 3] })) }))
    const openai = { baseUrl: url, apiKey: undefined }
    const embedder = embedders({ ...NONE, openai }).open({ number: 2, name: 'openai:m', dimension: 3 })
    expect((await failure(embedder.embed(['a', 'b']))).reason).toBe('bad_embedding')
  })
})

describe('a model that cannot be used', () => {
  test.each([
    ['ollama:m', 'OLLAMA_URL'],
    ['openai:m', 'OPENAI_API_KEY'],
    ['tei:m', 'TEI_URL'],
  ])('%s opens, and says when asked that it needs %s', async (name, variable) => {
    const embedder = embedders(NONE).open({ number: 2, name, dimension: 3 })
    const fault = await failure(embedder.embed(['a']))
    expect(fault).toMatchObject({ code: 'unavailable', reason: 'model_not_configured' })
    expect(fault.say).toContain(variable)
    expect((await failure(embedders(NONE).probe(name))).reason).toBe('model_not_configured')
  })
  test.each(['gpt', 'ollama:', 'Ollama:m', '', 'toString:m', 'local-ngram-2'])(
    '%j is unknown',
    async name => {
      const all = embedders({ ...NONE, ollamaUrl: 'http://127.0.0.1:1' })
      expect((await failure(all.open({ number: 2, name, dimension: 3 }).embed(['a']))).reason).toBe(
        'unknown_model',
      )
      expect((await failure(all.probe(name))).reason).toBe('unknown_model')
    },
  )
})

describe('probing', () => {
  test('tells how many numbers a model’s vectors have', async () => {
    const { url } = await serve(({ body }) => ({
      embeddings: body.input?.map(() => Array<number>(768).fill(0.5)),
    }))
    expect(await embedders({ ...NONE, ollamaUrl: url }).probe('ollama:m')).toBe(768)
    expect(await embedders(NONE).probe('local-ngram-1')).toBe(384)
  })
  test.each<[string, unknown]>([
    ['no vector', []],
    ['an empty one', [[]]],
    ['two', [[1], [1]]],
    ['zeros', [[0, 0]]],
    ['more numbers than can be searched', [Array<number>(4_001).fill(1)]],
    ['words', ['abc']],
  ])('a model that answers with %s fails', async (_, embeddings) => {
    const { url } = await serve(() => ({ embeddings }))
    const fault = await failure(embedders({ ...NONE, ollamaUrl: url }).probe('ollama:m'))
    expect(fault.reason).toBe('bad_embedding')
  })
})

test('the built-in model is always there, the others when their servers are set up', async () => {
  const none = embedders(NONE)
  expect(none.available()).toEqual(['local-ngram-1'])
  expect(none.destinations()).toEqual([])
  const model = { number: 9, name: 'local-ngram-1', dimension: 384 }
  expect(none.open(model).model).toEqual(model)
  expect((await none.open(model).embed(['a word']))[0]).toHaveLength(384)
  const all = embedders({
    ...NONE,
    ollamaUrl: 'http://h',
    teiUrl: 'http://t',
    openai: { baseUrl: 'http://o', apiKey: undefined },
  })
  expect(all.available()).toEqual(['local-ngram-1', 'ollama:<model>', 'openai:<model>', 'tei:<name>'])
  expect(all.destinations().map(one => [one.name, one.state()])).toEqual([
    ['ollama', 'closed'],
    ['openai', 'closed'],
    ['tei', 'closed'],
  ])
})

test('models of one server share its breaker: when it is down, all of them fail fast', async () => {
  const { url, asked } = await serve((_, response) => response.writeHead(500).end())
  const all = embedders({ ...NONE, ollamaUrl: url })
  const open = (name: string) => all.open({ number: 2, name, dimension: 3 })
  for (let count = 0; count < 5; count++) await failure(open('ollama:one').embed(['a']))
  expect((await failure(open('ollama:other').embed(['a']))).reason).toBe('breaker_open')
  expect(all.destinations()[0]?.state()).toBe('open')
  // For whoever looks at the system: the last word of the server, not that it was not asked any more.
  expect(all.destinations()[0]?.lastFailure()).toMatchObject({
    reason: 'provider_failed',
    at: expect.any(Date) as Date,
  })
  expect(asked).toHaveLength(5)
})
