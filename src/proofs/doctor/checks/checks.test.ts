// Every fault that doctor knows, put to it one at a time: found by its id, with its fix, and nothing else with it.
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../platform/config.ts'
import type {
  ContentFacts,
  DatabaseFacts,
  Facts,
  FileFact,
  MachineFacts,
  NetworkFacts,
} from '../facts/facts.ts'
import { madeAt } from '../facts/seal-key.ts'
import { checks } from './checks.ts'

const NOW = new Date('2026-11-21T12:00:00Z')
const GIB = 1024 ** 3
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000)

const CONTENT: ContentFacts = {
  keys: [{ kid: 'key-1', status: 'active', createdAt: daysAgo(10), isHere: true }],
  tenants: [{ slug: 'acme', status: 'active', since: daysAgo(300) }],
  servingModel: 'local-ngram-1',
  jobs: { dead: 0, oldestSeconds: 2 },
  openAuditSeconds: 9,
}

const DATABASE: DatabaseFacts = {
  engine: 'postgres',
  version: 180_006,
  vector: '0.8.7',
  startup: [],
  catalog: [],
  unknownMigrations: [],
  missingMigrations: [],
  staleFunctions: [],
  clockDifferenceMs: 12,
  sealKeyMadeAt: daysAgo(30),
  content: CONTENT,
}

const SERVER = {
  DATABASE_URL: 'postgres://app:kD93jf0ska@db.internal/gatehouse',
  GATEHOUSE_HOST: '0.0.0.0',
  GATEHOUSE_PUBLIC_URL: 'https://gatehouse.example',
}

const MACHINE: MachineFacts = {
  node: '24.1.0',
  gatehouse: '1.0.0',
  disk: { freeBytes: 50 * GIB, bytes: 100 * GIB, freeInodes: 900, inodes: 1_000 },
  openFiles: 65_536,
  memoryBytes: 8 * GIB,
}

const NETWORK: NetworkFacts = {
  port: 8080,
  isRunning: true,
  isSocketDead: false,
  isTaken: true,
  isGatehouse: true,
  whyNotListen: undefined,
  embeddings: [{ name: 'local-ngram-1', problem: undefined }],
}

const FILE: FileFact = { path: '/data/keys/seal', what: 'seal key', mode: 0o600, isMine: true }

const SOUND: Facts = {
  now: NOW,
  machine: MACHINE,
  files: [FILE, { ...FILE, path: '/data', what: 'data folder', mode: 0o700 }],
  config: loadConfig(SERVER),
  network: NETWORK,
  database: DATABASE,
}

const database = (over: Partial<DatabaseFacts>): Partial<Facts> => ({ database: { ...DATABASE, ...over } })
const content = (over: Partial<ContentFacts>): Partial<Facts> =>
  database({ content: { ...CONTENT, ...over } })
const machine = (over: Partial<MachineFacts>): Partial<Facts> => ({ machine: { ...MACHINE, ...over } })
const network = (over: Partial<NetworkFacts>): Partial<Facts> => ({ network: { ...NETWORK, ...over } })
const settings = (over: Record<string, string>): Partial<Facts> => ({
  config: loadConfig({ ...SERVER, ...over }),
})
const stopped = { isRunning: false, isTaken: false, isGatehouse: false }

test('a sound deployment has no finding, running or stopped', () => {
  expect(checks(SOUND).filter(({ severity }) => severity !== 'ok')).toStrictEqual([])
  expect(checks({ ...SOUND, ...network(stopped) }).filter(({ severity }) => severity !== 'ok')).toStrictEqual(
    [],
  )
})

type Seeded = readonly [
  fault: string,
  over: Partial<Facts>,
  severity: 'error' | 'warning',
  id: string,
  fix: RegExp,
]

const SEEDED: readonly Seeded[] = [
  ['an old Node', machine({ node: '22.9.0' }), 'error', 'node', /Node 24/],
  ['a full disk', machine({ disk: { ...MACHINE.disk!, freeBytes: GIB / 2 } }), 'error', 'disk', /Free space/],
  [
    'a nearly full disk',
    machine({ disk: { ...MACHINE.disk!, freeBytes: 4 * GIB } }),
    'warning',
    'disk',
    /Free space/,
  ],
  ['no inodes', machine({ disk: { ...MACHINE.disk!, freeInodes: 3 } }), 'warning', 'inodes', /inodes/],
  ['few files', machine({ openFiles: 256 }), 'warning', 'open-files', /ulimit/],
  ['little memory', machine({ memoryBytes: GIB / 4 }), 'warning', 'memory', /1 GiB/],
  [
    'settings that are not valid',
    { config: { problem: 'X and X_FILE are both set' } },
    'error',
    'configuration',
    /CONFIGURATION\.md/,
  ],
  ['a misspelt setting', settings({ GATEHOUSE_PROT: '1' }), 'warning', 'configuration', /Correct or remove/],
  [
    'a password everybody knows',
    settings({ DATABASE_URL: 'postgres://postgres:postgres@db/x' }),
    'error',
    'default-secret',
    /long random password/,
  ],
  [
    'a password like the name',
    settings({ DATABASE_OWNER_URL: 'postgres://owner:owner@db/x' }),
    'error',
    'default-secret',
    /DATABASE_OWNER_URL/,
  ],
  [
    'an administrator left behind',
    settings({ DATABASE_ADMIN_URL: 'postgres://pg:k3jr9s@db/x' }),
    'warning',
    'admin-url',
    /init-database/,
  ],
  [
    'a wildcard of hosts',
    settings({ GATEHOUSE_ALLOWED_HOSTS: '*' }),
    'error',
    'allowed-hosts',
    /Name each host/,
  ],
  [
    'open to all, known as loopback',
    settings({ GATEHOUSE_PUBLIC_URL: 'http://127.0.0.1:8080' }),
    'warning',
    'public-url',
    /GATEHOUSE_PUBLIC_URL/,
  ],
  [
    'a seal key others can read',
    { files: [{ ...FILE, mode: 0o644 }] },
    'error',
    'seal-key-mode',
    /chmod 600 \/data\/keys\/seal/,
  ],
  [
    'a signing key others can read',
    { files: [{ ...FILE, what: 'signing key', mode: 0o640 }] },
    'error',
    'signing-key-mode',
    /chmod 600/,
  ],
  [
    'an open data folder',
    { files: [{ ...FILE, what: 'data folder', mode: 0o755 }] },
    'error',
    'data-folder-mode',
    /chmod 700/,
  ],
  [
    'an open settings file',
    { files: [{ ...FILE, what: 'settings file', mode: 0o644 }] },
    'error',
    'settings-file-mode',
    /chmod 600/,
  ],
  [
    'an open socket',
    { files: [{ ...FILE, what: 'socket', mode: 0o666 }] },
    'error',
    'socket-mode',
    /chmod 600/,
  ],
  ['a file of somebody else', { files: [{ ...FILE, isMine: false }] }, 'warning', 'owner', /chown/],
  ['a dead socket', network({ ...stopped, isSocketDead: true }), 'warning', 'socket', /socket-path/],
  ['a port that is taken', network({ ...stopped, isTaken: true }), 'error', 'port', /GATEHOUSE_PORT/],
  ['a port nobody may take', network({ ...stopped, whyNotListen: 'EACCES' }), 'error', 'port', /above 1023/],
  [
    'a port that is deaf',
    network({ isTaken: false, isGatehouse: false }),
    'warning',
    'port',
    /settings that the server was started with/,
  ],
  [
    'a dead embedding server',
    network({ embeddings: [{ name: 'tei:x', problem: 'tei could not be reached.' }] }),
    'error',
    'embeddings',
    /Start that server/,
  ],
  [
    'a database that is down',
    { database: { unseen: 'nothing listens at db', isFault: true } },
    'error',
    'database',
    /Start the database/,
  ],
  ['PostgreSQL 18.3', database({ version: 180_003 }), 'error', 'postgres', /18\.4/],
  ['PostgreSQL 17.9', database({ version: 170_009 }), 'error', 'postgres', /17\.10/],
  ['PostgreSQL 14', database({ version: 140_023 }), 'error', 'postgres-end-of-life', /PostgreSQL 18/],
  ['pgvector 0.8.1', database({ vector: '0.8.1' }), 'warning', 'pgvector', /0\.8\.2/],
  [
    'a superuser as the application',
    database({ startup: [{ check: 'role', problem: 'x is a superuser', fix: 'use another' }] }),
    'error',
    'start-role',
    /Use another\./,
  ],
  [
    'a dropped policy',
    database({ catalog: ['app.audit: no policy for select'] }),
    'error',
    'catalog',
    /gatehouse attack/,
  ],
  [
    'a missing migration',
    database({ missingMigrations: ['0099-x'] }),
    'error',
    'migrations',
    /gatehouse migrate/,
  ],
  [
    'a migration of the future',
    database({ unknownMigrations: ['0099-x'] }),
    'error',
    'migrations-unknown',
    /newer version/,
  ],
  [
    'functions of another version',
    database({ staleFunctions: ['seal.fn.sql'] }),
    'error',
    'functions',
    /gatehouse migrate/,
  ],
  ['clocks that differ', database({ clockDifferenceMs: 6_000 }), 'error', 'clock', /time server/],
  ['an old seal key', database({ sealKeyMadeAt: daysAgo(400) }), 'warning', 'seal-key', /rotate-seal/],
  ['no signing key', content({ keys: [] }), 'error', 'signing-key', /key rotate/],
  [
    'an old signing key',
    content({ keys: [{ ...CONTENT.keys[0]!, createdAt: daysAgo(91) }] }),
    'warning',
    'signing-key',
    /key rotate/,
  ],
  [
    'a private half elsewhere',
    content({ keys: [{ ...CONTENT.keys[0]!, isHere: false }] }),
    'warning',
    'private-key',
    /key rotate/,
  ],
  [
    'a tenant that is not made',
    content({ tenants: [{ slug: 'x', status: 'provisioning', since: daysAgo(1) }] }),
    'error',
    'tenants',
    /DATABASE_OWNER_URL/,
  ],
  [
    'a tenant that is not erased',
    content({ tenants: [{ slug: 'x', status: 'removing', since: daysAgo(1) }] }),
    'error',
    'tenants',
    /worker/,
  ],
  [
    'a tenant long suspended',
    content({ tenants: [{ slug: 'x', status: 'suspended', since: daysAgo(100) }] }),
    'warning',
    'tenants-suspended',
    /Resume them/,
  ],
  ['dead letters', content({ jobs: { dead: 2, oldestSeconds: 0 } }), 'warning', 'dead-letters', /log/],
  ['jobs nobody takes', content({ jobs: { dead: 0, oldestSeconds: 900 } }), 'warning', 'jobs', /role/],
  ['an audit nobody chains', content({ openAuditSeconds: 75 }), 'warning', 'audit', /role/],
]

describe('a seeded fault is found by its id, with its fix, and alone', () => {
  test.each(SEEDED)('%s', (...[, over, severity, id, fix]) => {
    const found = checks({ ...SOUND, ...over }).filter(one => one.severity !== 'ok')
    expect(found).toMatchObject([{ id, severity }])
    expect(found[0]?.fix).toMatch(fix)
    expect(found[0]?.seen.length).toBeGreaterThan(10)
  })
})

test('no finding repeats a password', () => {
  const config = loadConfig({ ...SERVER, DATABASE_URL: 'postgres://app:kept-out-of-sight@db/x' })
  expect(JSON.stringify(checks({ ...SOUND, config }))).not.toContain('kept-out-of-sight')
})

test('the embedded engine has no version to update and the birth of a seal key stands in its name', () => {
  expect(
    checks({ ...SOUND, ...database({ engine: 'pglite', version: 170_001, vector: '0.8.0' }) }),
  ).toMatchObject(expect.not.arrayContaining([expect.objectContaining({ severity: 'error' })]))
  expect(madeAt({ id: `k${NOW.getTime().toString(36)}0af3` })).toStrictEqual(NOW)
  expect(madeAt({ id: 'k1' })).toBeUndefined()
})
