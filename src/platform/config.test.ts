import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig, Secret, SETTINGS } from './config.ts'
import type { Fault } from './faults.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const refusal = (env: Record<string, string>): string => {
  try {
    loadConfig(env)
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_input', reason: 'configuration' })
    return (error as Fault).say
  }
  throw new Error('the configuration was accepted')
}

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const SEAL_KEY = 'k1:3q2-7wABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijk'

test('without any variable everything has a default, and the database is the embedded one', () => {
  expect(loadConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    publicUrl: 'http://127.0.0.1:8080',
    database: { kind: 'embedded' },
    seedSamples: true,
    sealKeys: undefined,
    warnings: [],
  })
})

test('the whole configuration is frozen at its top', () => {
  const config = loadConfig({})
  expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError)
})

describe('embedding servers', () => {
  const NONE = {
    ollamaUrl: undefined,
    openai: undefined,
    teiUrl: undefined,
    queryMs: 300,
    deadlineMs: 30_000,
  }

  test('are none by default: nothing of a document leaves the machine', () => {
    expect(loadConfig({})).toMatchObject({
      embeddings: NONE,
      ingest: { workers: 4, maxFileBytes: 536_870_912 },
    })
  })
  test('are set up one by one; OpenAI by its key, a compatible server by its address', () => {
    const { embeddings } = loadConfig({ OLLAMA_URL: 'http://127.0.0.1:11434', OPENAI_API_KEY: 'sk-1' })
    expect(embeddings).toMatchObject({
      ollamaUrl: 'http://127.0.0.1:11434',
      openai: { baseUrl: 'https://api.openai.com/v1' },
      teiUrl: undefined,
    })
    expect(embeddings.openai?.apiKey?.reveal()).toBe('sk-1')
    expect(loadConfig({ OPENAI_BASE_URL: 'http://vllm:8000/v1' }).embeddings.openai).toEqual({
      baseUrl: 'http://vllm:8000/v1',
      apiKey: undefined,
    })
  })
  test.each([
    ['OLLAMA_URL', 'http://user:hunter2@h'],
    ['OLLAMA_URL', 'h:11434'],
    ['TEI_URL', 'ftp://h'],
    ['OPENAI_BASE_URL', 'https://hunter2@h/v1'],
    ['OPENAI_API_KEY', 'hunter2\nX-Header: 1'],
    ['OPENAI_API_KEY', 'hunter2 ü'],
    ['GATEHOUSE_QUERY_EMBED_MS', '5001'],
    ['GATEHOUSE_QUERY_EMBED_MS', '0'],
    ['GATEHOUSE_EMBED_DEADLINE_MS', '1.5'],
    ['GATEHOUSE_INGEST_WORKERS', '17'],
    ['GATEHOUSE_INGEST_WORKERS', '0'],
    ['GATEHOUSE_MAX_FILE_MB', '-1'],
  ])('%s is not %j', (name, value) => {
    const say = refusal({ [name]: value })
    expect(say).toContain(name)
    expect(say).not.toContain('hunter2')
  })
})

test('an empty variable counts as absent', () => {
  expect(loadConfig({ GATEHOUSE_PORT: '', DATABASE_URL: '' })).toMatchObject({
    port: 8080,
    database: { kind: 'embedded' },
  })
})

describe('mistakes', () => {
  test('are listed all at once, each by the name of its variable', () => {
    const say = refusal({
      GATEHOUSE_PORT: 'http',
      GATEHOUSE_PUBLIC_URL: 'gatehouse.example',
      GATEHOUSE_RATE_PER_SECOND: '-1',
      GATEHOUSE_RATE_BURST: '1.5',
      GATEHOUSE_SAMPLES: 'yes',
      GATEHOUSE_ROLE: 'boss',
      GATEHOUSE_SEAL_KEYS: 'short',
      DATABASE_URL: 'mysql://localhost/x',
      DATABASE_OWNER_URL_FILE: join(folder, 'nowhere'),
      LOG_LEVEL: 'loud',
    })
    const lines = say.split('\n')
    expect(lines[0]).toBe('The configuration is not valid:')
    const named = lines.slice(1).map(line => line.trim().split(' ')[0] ?? '')
    expect(named.toSorted((one, other) => (one < other ? -1 : 1))).toStrictEqual([
      'DATABASE_OWNER_URL_FILE',
      'DATABASE_URL',
      'GATEHOUSE_PORT',
      'GATEHOUSE_PUBLIC_URL',
      'GATEHOUSE_RATE_BURST',
      'GATEHOUSE_RATE_PER_SECOND',
      'GATEHOUSE_ROLE',
      'GATEHOUSE_SAMPLES',
      'GATEHOUSE_SEAL_KEYS',
      'LOG_LEVEL',
    ])
  })

  test('never quote a value: it may be a password in the wrong place', () => {
    const say = refusal({
      GATEHOUSE_PORT: 'hunter2',
      GATEHOUSE_PUBLIC_URL: 'ftp://u:hunter2@h',
      GATEHOUSE_SEAL_KEYS: 'hunter2',
      GATEHOUSE_SAMPLES: 'hunter2',
      DATABASE_URL: 'postgres:hunter2@nohost',
      DATABASE_ADMIN_URL: 'http://postgres:hunter2@h/db',
      LOG_LEVEL: 'hunter2',
    })
    expect(say).not.toContain('hunter2')
  })

  test.each([
    ['65536', 'GATEHOUSE_PORT'],
    ['-1', 'GATEHOUSE_PORT'],
    ['80.5', 'GATEHOUSE_PORT'],
    ['Infinity', 'GATEHOUSE_RATE_PER_SECOND'],
    ['0', 'GATEHOUSE_RATE_BURST'],
    ['0', 'DATABASE_POOL_SIZE'],
  ])('%s is no %s', (value, name) => {
    expect(refusal({ [name]: value })).toContain(name)
  })

  test('a host beyond loopback needs the address that clients use', () => {
    expect(refusal({ GATEHOUSE_HOST: '0.0.0.0' })).toContain('GATEHOUSE_PUBLIC_URL is needed')
    expect(
      loadConfig({ GATEHOUSE_HOST: '0.0.0.0', GATEHOUSE_PUBLIC_URL: 'https://g.example/' }).publicUrl,
    ).toBe('https://g.example')
  })

  test('a public address must be https unless it is loopback', () => {
    expect(refusal({ GATEHOUSE_PUBLIC_URL: 'http://g.example' })).toContain(
      'GATEHOUSE_PUBLIC_URL must be https',
    )
    for (const host of ['127.0.0.1:81', 'localhost', '[::1]:8080'])
      expect(loadConfig({ GATEHOUSE_PUBLIC_URL: `http://${host}` }).publicUrl).toBe(`http://${host}`)
  })

  test.each(['DATABASE_OWNER_URL', 'DATABASE_WORKER_URL', 'DATABASE_DIRECT_URL'])(
    '%s alone, without DATABASE_URL, is a mistake',
    name => {
      expect(refusal({ [name]: 'postgres://u@h/db' })).toContain(`${name} is set but DATABASE_URL is not`)
    },
  )
})

describe('a variable of ours that is no setting', () => {
  test('is pointed out by name, and stops nothing', () => {
    const { warnings } = loadConfig({
      GATEHOUSE_PROT: '1',
      GATEHOUSE_PORTS_FILE: 'x',
      GATEHOUSE_toString: 'x',
      OTHER: 'x',
    })
    expect(warnings.map(line => line.split(' ')[0])).toStrictEqual([
      'GATEHOUSE_PROT',
      'GATEHOUSE_PORTS_FILE',
      'GATEHOUSE_toString',
    ])
  })

  test('is not one of the tools’ own', () => {
    expect(
      loadConfig({
        GATEHOUSE_CACHE_DIR: 'x',
        GATEHOUSE_TEST_ADMIN_URL: 'x',
        GATEHOUSE_PORT_FILE: file('port', '81'),
      }).warnings,
    ).toStrictEqual([])
  })
})

describe('NAME_FILE', () => {
  test('gives the value that the file holds, without the newline at its end', () => {
    const config = loadConfig({
      DATABASE_URL_FILE: file('url', 'postgres://app:pw@db/gatehouse\n'),
      GATEHOUSE_SEAL_KEYS_FILE: file('keys', `${SEAL_KEY}\n`),
      GATEHOUSE_PORT_FILE: file('port', '8181\n'),
    })
    expect(config.database.kind === 'server' && config.database.url.reveal()).toBe(
      'postgres://app:pw@db/gatehouse',
    )
    expect(config.sealKeys?.reveal()).toBe(SEAL_KEY)
    expect(config.port).toBe(8181)
  })

  test.each(Object.keys(SETTINGS))('of %s that cannot be read is named', name => {
    expect(refusal({ [`${name}_FILE`]: join(folder, 'nowhere') })).toContain(`${name}_FILE names`)
  })

  test('beside NAME is a contradiction', () => {
    const say = refusal({ GATEHOUSE_PORT: '80', GATEHOUSE_PORT_FILE: file('port', '81') })
    expect(say).toContain('GATEHOUSE_PORT and GATEHOUSE_PORT_FILE are both set')
  })
})

describe('a secret prints as [secret]', () => {
  const secret = new Secret('hunter2')
  // What happens where the types were not asked.
  const text = secret as unknown as string
  test.each<[string, () => string]>([
    ['in JSON', () => JSON.stringify({ secret, list: [secret] })],
    [
      'in inspect',
      () => inspect({ secret, deep: { deeper: { deepest: secret } } }, { depth: null, showHidden: true }),
    ],
    ['in a template', () => `${text}`],
    ['added to a text', () => 'x' + text],
    ['as an error’s message', () => String(new Error(text))],
    ['as keys and values', () => Object.entries(secret).join() + Object.getOwnPropertyNames(secret).join()],
    [
      'in a whole configuration',
      () =>
        inspect(
          loadConfig({
            DATABASE_URL: 'postgres://u:hunter2@h/db',
            OPENAI_API_KEY: 'hunter2',
            GATEHOUSE_SEAL_KEYS: SEAL_KEY.replace('k1', 'hunter2'),
          }),
          { depth: null },
        ),
    ],
  ])('%s', (_, print) => {
    expect(print()).not.toContain('hunter2')
  })

  test('and says what it is when asked by name', () => {
    expect(secret.reveal()).toBe('hunter2')
    expect(`${text}${JSON.stringify(secret)}${inspect(secret)}`).toBe('[secret]"[secret]"[secret]')
  })
})
