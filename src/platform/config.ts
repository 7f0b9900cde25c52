// All settings, from the environment, in one schema: defaults, checks and the words of the documentation. The only
// reader of process.env. `.env.example` and the table in docs/CONFIGURATION.md are generated from it.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { fault } from './faults.ts'
import {
  embeddingSettings,
  languageSettings,
  modelProblems,
  MODEL_SETTINGS,
  type Embeddings,
  type Models,
} from './model-settings.ts'
import { sampleSecretsIn } from './sample-secrets.ts'
import { Secret } from './secret.ts'
import { serverUrl, url } from './setting-schemas.ts'

export { Secret }
export type { Embeddings, Models }

const port = z.coerce.number('must be a number').int().min(0).max(65_535)
const positive = z.coerce.number('must be a number').positive()
const postgresUrl = z
  .string()
  .refine(
    text => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol),
    'must be a URL like postgres://user:password@host:5432/database',
  )
const redisUrl = z
  .string()
  .refine(
    text => URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol),
    'must be a URL like redis://user:password@host:6379/0',
  )

const MEGABYTE = 1024 * 1024

const SEAL_KEYS = /^\s*[a-z0-9]{1,16}:[\w-]{43,}=*(\s*,\s*[a-z0-9]{1,16}:[\w-]{43,}=*)*\s*$/

/** One entry a variable: the schema, and a sentence for the documentation. `secret` ones may also come as NAME_FILE. */
export const SETTINGS = {
  GATEHOUSE_HOST: {
    schema: z.string().min(1).default('127.0.0.1'),
    says: 'Address to listen on. Anything but loopback needs GATEHOUSE_PUBLIC_URL.',
  },
  GATEHOUSE_PORT: { schema: port.default(8080), says: 'Port to listen on.' },
  GATEHOUSE_PUBLIC_URL: {
    schema: url.optional(),
    says: 'The address clients use; decides token issuer and audience. Default: http://127.0.0.1:<port>.',
  },
  GATEHOUSE_DATA_DIR: {
    schema: z.string().min(1).default('.gatehouse'),
    says: 'Folder for the embedded database, keys and the operator socket.',
  },
  GATEHOUSE_ROLE: {
    schema: z.enum(['all', 'mcp', 'a2a', 'web', 'worker']).default('all'),
    says: 'What this process does: everything, serve MCP, serve agents over A2A, serve the page that people use, or background work.',
  },
  GATEHOUSE_ALLOWED_HOSTS: {
    schema: z.string().default(''),
    says: 'Further host names (comma-separated) that requests may carry in Host and Origin.',
  },
  GATEHOUSE_SEAL_KEYS: {
    schema: z
      .string()
      .regex(SEAL_KEYS, 'must be <id>:<32 bytes, base64url>, and further ones after a comma')
      .optional(),
    secret: true,
    says: 'Keys of the tenant seal, newest first, as `gatehouse key create-seal` prints them. Required with DATABASE_URL when several processes serve; otherwise kept in the data folder.',
  },
  GATEHOUSE_PRIVATE_ISSUER_HOSTS: {
    schema: z.string().default(''),
    says: 'Hosts (comma-separated, with the port if the URL has one) of trusted token issuers that have no public address or no https.',
  },
  GATEHOUSE_PRIVATE_WEBHOOK_HOSTS: {
    schema: z.string().default(''),
    says: 'Hosts (comma-separated, with the port if the URL has one) that alerts may be posted to although they have no public address or no https.',
  },
  GATEHOUSE_HOLD_SECONDS: {
    schema: positive.int().max(86_400).default(900),
    says: 'Seconds after which money that is held for a call is charged or released without the process that held it. Longer than any call to a provider may take.',
  },
  GATEHOUSE_RATE_PER_SECOND: {
    schema: positive.default(100),
    says: 'Calls a second for each tenant and for each user.',
  },
  GATEHOUSE_RATE_BURST: {
    schema: positive.int().default(200),
    says: 'Calls at once for each tenant and for each user.',
  },
  GATEHOUSE_CONCURRENT_PER_ADDRESS: {
    schema: positive.int().default(256),
    says: 'Requests under way at once from one address (a proxy in front counts as one).',
  },
  GATEHOUSE_CONCURRENT_PER_TENANT: {
    schema: positive.int().default(64),
    says: 'Requests under way at once of one tenant; one user gets half of them.',
  },
  GATEHOUSE_URL: {
    schema: serverUrl.optional(),
    says: 'For commands: the running Gatehouse to ask over HTTP, instead of the one on the data folder.',
  },
  GATEHOUSE_TOKEN: {
    schema: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'must be one line of printable ASCII')
      .optional(),
    secret: true,
    says: 'For commands with GATEHOUSE_URL: the access token, API key or operator key to ask with.',
  },
  GATEHOUSE_SAMPLES: {
    schema: z.enum(['on', 'off']).optional(),
    says: 'Whether a start seeds the sample tenants. Default: on with the embedded database, off with DATABASE_URL.',
  },
  GATEHOUSE_INGEST_WORKERS: {
    schema: positive.int().max(16).default(4),
    says: 'Files ingested at once by this process, each parsed in a process of its own. One tenant takes at most one place fewer, over all processes.',
  },
  GATEHOUSE_MAX_FILE_MB: {
    schema: positive.int().max(100_000).default(512),
    says: 'Largest file that is taken in, in megabytes (1,048,576 bytes).',
  },
  ...MODEL_SETTINGS,
  GATEHOUSE_PRICES_FILE: {
    schema: z.string().min(1).optional(),
    says: 'JSON file with prices of models, read at the start; see docs/PRICES.md.',
  },
  DATABASE_URL: {
    schema: postgresUrl.optional(),
    secret: true,
    says: 'PostgreSQL as the application role. Absent: the embedded database.',
  },
  DATABASE_OWNER_URL: {
    schema: postgresUrl.optional(),
    secret: true,
    says: 'PostgreSQL as the schema owner, for migrate and the maintainer.',
  },
  DATABASE_WORKER_URL: {
    schema: postgresUrl.optional(),
    secret: true,
    says: 'PostgreSQL as the role that claims jobs.',
  },
  DATABASE_DIRECT_URL: {
    schema: postgresUrl.optional(),
    secret: true,
    says: 'PostgreSQL past the pooler; set it when DATABASE_URL goes through PgBouncer.',
  },
  DATABASE_ADMIN_URL: {
    schema: postgresUrl.optional(),
    secret: true,
    says: 'PostgreSQL as an administrator, for init-database alone.',
  },
  DATABASE_POOL_SIZE: {
    schema: positive.int().default(8),
    says: 'Connections at most; one to two for each core of the database is best.',
  },
  REDIS_URL: {
    schema: redisUrl.optional(),
    secret: true,
    says: 'Redis or Valkey, where several processes serve: they count rates together there. Absent: each counts for itself.',
  },
  GATEHOUSE_REPLICAS: {
    schema: positive.int().max(10_000).default(1),
    says: 'Processes that serve, at least: the share of each in the rates while Redis is away. Those Redis has seen count too.',
  },
  LOG_LEVEL: {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    says: 'Least severe log line that is written.',
  },
} as const satisfies Record<string, { schema: z.ZodType; says: string; secret?: true }>

type Settings = { readonly [Name in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Name]['schema']> }

export interface Config {
  /** What is odd about the environment without being wrong: for a line on standard error. */
  readonly warnings: readonly string[]
  readonly role: 'all' | 'mcp' | 'a2a' | 'web' | 'worker'
  readonly host: string
  readonly port: number
  readonly publicUrl: string
  readonly dataDir: string
  readonly allowedHosts: readonly string[]
  readonly sealKeys: Secret | undefined
  /** Hosts whose key sets are fetched from wherever they are. */
  readonly privateIssuerHosts: readonly string[]
  /** Hosts that alerts are posted to wherever they are. */
  readonly privateWebhookHosts: readonly string[]
  /** How long money is held for a call whose process does not end it. */
  readonly holdMs: number
  readonly rate: { readonly perSecond: number; readonly burst: number }
  /** Where rates are counted by several processes together; undefined: in this one. */
  readonly redisUrl: Secret | undefined
  /** Processes that serve, at least. */
  readonly replicas: number
  /** Requests under way at once. */
  readonly concurrency: { readonly address: number; readonly tenant: number }
  /** The server that commands ask, where it is not the one on the data folder. */
  readonly remote: { readonly url: string | undefined; readonly token: Secret | undefined }
  readonly seedSamples: boolean
  readonly embeddings: Embeddings
  readonly models: Models
  /** The project's price list. */
  readonly pricesFile: string | undefined
  /** Files parsed at once, and how large one may be. */
  readonly ingest: { readonly workers: number; readonly maxFileBytes: number }
  readonly database: EmbeddedDatabase | ServerDatabase
  readonly logLevel: string
}

export interface EmbeddedDatabase {
  readonly kind: 'embedded'
}

export interface ServerDatabase {
  readonly kind: 'server'
  readonly url: Secret
  readonly ownerUrl: Secret | undefined
  readonly workerUrl: Secret | undefined
  readonly directUrl: Secret | undefined
  readonly adminUrl: Secret | undefined
  readonly poolSize: number
}

/** The files that hold settings (NAME_FILE), for those who look at who may read them. */
export function settingFiles(env: Readonly<Record<string, string | undefined>> = process.env): string[] {
  return Object.keys(SETTINGS).flatMap(name => env[`${name}_FILE`] || [])
}

/** Reads and checks all settings; every mistake is listed, by the variable's name, in one fault. */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, { schema }] of Object.entries(SETTINGS)) {
    const parsed = schema.safeParse(given(name, env, problems))
    if (parsed.success) values[name] = parsed.data
    else problems.push(`${name} ${parsed.error.issues.map(issue => issue.message).join('; ')}`)
  }
  if (problems.length === 0) problems.push(...contradictions(values as Settings))
  if (problems.length > 0) {
    throw fault('invalid_input', {
      say: `The configuration is not valid:\n${problems.map(line => `  ${line}`).join('\n')}`,
      reason: 'configuration',
    })
  }
  return Object.freeze({ ...shape(values as Settings), warnings: unknownNames(env) })
}

/** The value of NAME, or what the file named by NAME_FILE holds. An empty variable counts as absent. */
function given(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): string | undefined {
  const value = env[name] || undefined
  const file = env[`${name}_FILE`] || undefined
  if (file === undefined) return value
  if (value !== undefined) problems.push(`${name} and ${name}_FILE are both set: keep one`)
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    problems.push(
      `${name}_FILE names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
    )
    return value
  }
}

/** A misspelt GATEHOUSE_… must not be ignored in silence. It is no error: a setting of another version may be set too. */
function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter(
      name =>
        name.startsWith('GATEHOUSE_') &&
        !(name in SETTINGS) &&
        !(name.replace(/_FILE$/, '') in SETTINGS) &&
        !FOREIGN.has(name),
    )
    .map(name => `${name} is not a setting and has no effect; see docs/CONFIGURATION.md`)
}

/** Read by the launcher and the tools, not by the server. */
const FOREIGN = new Set(['GATEHOUSE_CACHE_DIR', 'GATEHOUSE_TEST_ADMIN_URL', 'GATEHOUSE_TEST_ADMIN_URL_17'])
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1'])

function contradictions(values: Settings): string[] {
  const problems: string[] = []
  if (!LOOPBACK.has(values.GATEHOUSE_HOST) && values.GATEHOUSE_PUBLIC_URL === undefined) {
    problems.push(
      'GATEHOUSE_PUBLIC_URL is needed when GATEHOUSE_HOST is not loopback: tokens are bound to the address clients use',
    )
  }
  const address = values.GATEHOUSE_PUBLIC_URL === undefined ? undefined : new URL(values.GATEHOUSE_PUBLIC_URL)
  if (
    address !== undefined &&
    address.protocol === 'http:' &&
    !LOOPBACK.has(address.hostname.replace(/^\[|\]$/g, ''))
  ) {
    problems.push('GATEHOUSE_PUBLIC_URL must be https unless it is loopback: tokens would travel in the open')
  }
  problems.push(...sampleSecretsIn(values), ...modelProblems(values))
  if (values.DATABASE_URL === undefined) {
    for (const name of ['DATABASE_OWNER_URL', 'DATABASE_WORKER_URL', 'DATABASE_DIRECT_URL'] as const) {
      if (values[name] !== undefined) problems.push(`${name} is set but DATABASE_URL is not`)
    }
  }
  return problems
}

function shape(values: Settings): Omit<Config, 'warnings'> {
  return {
    role: values.GATEHOUSE_ROLE,
    host: values.GATEHOUSE_HOST,
    port: values.GATEHOUSE_PORT,
    publicUrl: (values.GATEHOUSE_PUBLIC_URL ?? `http://127.0.0.1:${values.GATEHOUSE_PORT}`).replace(
      /\/+$/,
      '',
    ),
    dataDir: resolve(values.GATEHOUSE_DATA_DIR),
    allowedHosts: listed(values.GATEHOUSE_ALLOWED_HOSTS),
    privateIssuerHosts: listed(values.GATEHOUSE_PRIVATE_ISSUER_HOSTS),
    sealKeys: secret(values.GATEHOUSE_SEAL_KEYS),
    privateWebhookHosts: listed(values.GATEHOUSE_PRIVATE_WEBHOOK_HOSTS),
    holdMs: values.GATEHOUSE_HOLD_SECONDS * 1_000,
    rate: { perSecond: values.GATEHOUSE_RATE_PER_SECOND, burst: values.GATEHOUSE_RATE_BURST },
    redisUrl: secret(values.REDIS_URL),
    replicas: values.GATEHOUSE_REPLICAS,
    concurrency: {
      address: values.GATEHOUSE_CONCURRENT_PER_ADDRESS,
      tenant: values.GATEHOUSE_CONCURRENT_PER_TENANT,
    },
    remote: { url: values.GATEHOUSE_URL, token: secret(values.GATEHOUSE_TOKEN) },
    seedSamples: (values.GATEHOUSE_SAMPLES ?? (values.DATABASE_URL === undefined ? 'on' : 'off')) === 'on',
    embeddings: embeddingSettings(values),
    models: languageSettings(values),
    pricesFile:
      values.GATEHOUSE_PRICES_FILE === undefined ? undefined : resolve(values.GATEHOUSE_PRICES_FILE),
    ingest: {
      workers: values.GATEHOUSE_INGEST_WORKERS,
      maxFileBytes: values.GATEHOUSE_MAX_FILE_MB * MEGABYTE,
    },
    database: databaseShape(values),
    logLevel: values.LOG_LEVEL,
  }
}

function databaseShape(values: Settings): EmbeddedDatabase | ServerDatabase {
  if (values.DATABASE_URL === undefined) return { kind: 'embedded' }
  return {
    kind: 'server',
    url: new Secret(values.DATABASE_URL),
    ownerUrl: secret(values.DATABASE_OWNER_URL),
    workerUrl: secret(values.DATABASE_WORKER_URL),
    directUrl: secret(values.DATABASE_DIRECT_URL),
    adminUrl: secret(values.DATABASE_ADMIN_URL),
    poolSize: values.DATABASE_POOL_SIZE,
  }
}

function listed(text: string): string[] {
  return text
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')
}

function secret(value: string | undefined): Secret | undefined {
  return value === undefined ? undefined : new Secret(value)
}
