// What a newcomer gets wrong, one by one: each time the answer names what was wrong and what to do, and shows neither
// a stack trace, nor SQL, nor a secret.
import { writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  databaseEnv,
  ENGINE,
  failureOf,
  freePort,
  freshDatabase,
  openDeployment,
  type Deployment,
  type Env,
  type FreshDatabase,
  type RunningProcess,
} from './server-process.ts'
import { mcpCaller, type Answer } from './tool-caller.ts'

const SECRET = 'hunter2-hunter2'
// A path with a line number, a node internal, a statement, an SQLSTATE's own words.
const INDISCREET =
  /\n\s+at |\.(?:ts|js|mjs):\d+|node:internal|\bselect\s.+\sfrom\b|\binsert into\b|\bset_config\b|violates|relation "|syntax error at|ZodError/i

let deployment: Deployment
let server: RunningProcess
beforeAll(async () => {
  deployment = await openDeployment()
  server = await deployment.start()
  await deployment.json('tenant', 'create', 'acme')
})
afterAll(() => deployment.close())

function expectDiscreet(text: string): void {
  expect(text).not.toMatch(INDISCREET)
  expect(text).not.toContain(SECRET)
}

describe('over MCP', () => {
  test('without a token the caller is told where to get one, and nothing else', async () => {
    const { status, headers, text, message } = await mcpCaller(deployment, undefined).answer('list_documents')
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toMatch(
      /^Bearer realm="gatehouse", resource_metadata="http:[^"]+\/\.well-known\/oauth-protected-resource\/mcp", scope="[^"]+"$/,
    )
    expect(message['detail']).toBe('An access token is required.')
    expectDiscreet(text)
  })

  test('an expired token is called expired', async () => {
    const caller = mcpCaller(deployment, await deployment.token('acme', '--ttl', '1'))
    let answer = await caller.answer('list_documents')
    // Clocks may differ by 5 s, so it is good for six.
    for (const end = Date.now() + 15_000; answer.status === 200 && Date.now() < end; await sleep(200))
      answer = await caller.answer('list_documents')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain(
      'error="invalid_token", error_description="The access token has expired."',
    )
    expectDiscreet(answer.text)
  })

  test('a word that is no token is called invalid', async () => {
    const { status, headers, text } = await mcpCaller(deployment, 'sesame').answer('list_documents')
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"')
    expectDiscreet(text)
  })

  test.for([
    ['an empty query', 'hybrid_search', { query: '' }, 'query'],
    ['a blank query', 'search_documents', { query: ' \t\n' }, 'query must not be blank'],
    ['no query', 'hybrid_search', {}, 'query'],
    ['limit -1', 'hybrid_search', { query: 'x', limit: -1 }, 'limit'],
    ['limit 51', 'search_documents', { query: 'x', limit: 51 }, '50'],
    ['limit "many"', 'hybrid_search', { query: 'x', limit: 'many' }, 'limit'],
    ['a negative weight', 'hybrid_search', { query: 'x', bm25_weight: -1 }, 'bm25_weight'],
    ['an unknown argument', 'hybrid_search', { query: 'x', top_k: 3 }, 'top_k'],
    ['an id that is none', 'retrieve_document', { document_id: 'the first one' }, 'document_id'],
    ['an id in SQL', 'delete_document', { document_id: "' or true; --" }, 'document_id'],
    ['a document without a title', 'add_document', { content: 'x' }, 'title'],
    ['a document of 2 MB', 'add_document', { title: 'x', content: 'x'.repeat(2_000_000) }, 'content'],
  ] as const)('%s is refused by %s, which names the field', async ([, tool, args, names]) => {
    const { status, text, error } = await (await member()).answer(tool, args)
    expect({ status, code: error?.code }).toEqual({ status: 200, code: 'invalid_input' })
    expect(error?.message).toContain(names)
    expect(error?.issues?.length).toBeGreaterThan(0)
    expectDiscreet(text)
  })

  test('an unknown tool and an unknown method are named so', async () => {
    const caller = await member()
    const unknown: Answer = await caller.answer('drop_everything')
    expect(unknown.message).toMatchObject({ error: { code: -32602 } })
    expectDiscreet(unknown.text)
  })

  let member_: ReturnType<typeof mcpCaller> | undefined
  async function member() {
    return (member_ ??= mcpCaller(deployment, await deployment.token('acme')))
  }
})

/** Starts a server that cannot start, and answers how it says so. */
async function failedStart(env: Env, args: readonly string[] = ['serve']) {
  const finished = await deployment.spawn(args, env).ended
  expectDiscreet(finished.stderr)
  return failureOf(finished)
}

describe('at the start', () => {
  test('a port that is taken is named, with the setting that changes it', async () => {
    const { exit, stdout, error } = await failedStart({
      GATEHOUSE_DATA_DIR: join(deployment.dataDir, 'second'),
    })
    expect(error.message).toContain(`Port ${deployment.port}`)
    expect(error.message).toContain('GATEHOUSE_PORT')
    expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' })
  })

  test('a folder that a running server uses is refused, and that server goes on', async () => {
    const { exit, error } = await failedStart({ GATEHOUSE_PORT: String(await freePort()) })
    // Only the embedded database is locked; with a server it is the operator's socket that two cannot share.
    if (ENGINE === 'pglite') expect(error.message).toContain(`in use by process ${server.pid}`)
    else expect(error.message).toContain(`running already: it listens on ${deployment.dataDir}`)
    expect(exit).toBe(5)
    expect(await deployment.json('tenant', 'list')).toHaveLength(1)
  })

  test.runIf(ENGINE === 'pglite')('migrate names the server that has the folder, too', async () => {
    const { exit, error } = await failedStart({}, ['migrate'])
    expect(error.message).toContain(`in use by process ${server.pid}`)
    expect(exit).toBe(5)
  })

  test('a data folder that cannot be written is named, with the setting that changes it', async () => {
    const file = join(deployment.dataDir, 'a-file')
    await writeFile(file, '')
    const folder = join(file, 'data')
    const { exit, error } = await failedStart({
      GATEHOUSE_DATA_DIR: folder,
      GATEHOUSE_PORT: String(await freePort()),
    })
    expect(error.message).toContain(folder)
    expect(error.message).toContain('GATEHOUSE_DATA_DIR')
    expect(exit).toBe(2)
  })

  test('all mistakes in the settings are listed at once, by name', async () => {
    const { exit, error } = await failedStart({
      GATEHOUSE_PORT: 'eighty',
      GATEHOUSE_PUBLIC_URL: 'example.test',
      GATEHOUSE_ROLE: 'boss',
      DATABASE_URL: `mysql://root:${SECRET}@db.test/app`,
      DATABASE_POOL_SIZE: '0',
      GATEHOUSE_SEAL_KEYS_FILE: join(deployment.dataDir, 'no-such-file'),
      LOG_LEVEL: 'loud',
    })
    const lines = error.message.split('\n').slice(1)
    expect(lines.map(line => line.trim().split(' ', 1).join()).sort()).toEqual([
      'DATABASE_POOL_SIZE',
      'DATABASE_URL',
      'GATEHOUSE_PORT',
      'GATEHOUSE_PUBLIC_URL',
      'GATEHOUSE_ROLE',
      'GATEHOUSE_SEAL_KEYS_FILE',
      'LOG_LEVEL',
    ])
    expect(exit).toBe(2)
  })

  test('settings that contradict each other are named', async () => {
    const { exit, error } = await failedStart({
      DATABASE_URL: '',
      DATABASE_WORKER_URL: '',
      DATABASE_OWNER_URL: `postgres://owner:${SECRET}@127.0.0.1/x`,
      GATEHOUSE_HOST: '0.0.0.0',
    })
    expect(error.message).toContain('DATABASE_OWNER_URL is set but DATABASE_URL is not')
    expect(error.message).toContain('GATEHOUSE_PUBLIC_URL is needed')
    expect(exit).toBe(2)
  })
})

test('a misspelt setting is warned of', async () => {
  const { stderr } = await deployment.spawn(['tenant', 'list'], { GATEHOUSE_DATADIR: 'elsewhere' }).ended
  expect(stderr).toMatch(/^GATEHOUSE_DATADIR is not a setting/)
})

describe('with a database that cannot be opened', () => {
  const elsewhere = async (): Promise<Env> => ({
    GATEHOUSE_DATA_DIR: join(deployment.dataDir, 'elsewhere'),
    GATEHOUSE_PORT: String(await freePort()),
  })

  test('where nothing listens, the variable and the address are named', async () => {
    const closed = await freePort()
    const { exit, error } = await failedStart({
      ...(await elsewhere()),
      DATABASE_URL: `postgres://app:${SECRET}@127.0.0.1:${closed}/gatehouse`,
    })
    expect(error.message).toBe(
      `Cannot open the database of DATABASE_URL: nothing listens at 127.0.0.1:${closed}.`,
    )
    expect(exit).toBe(4)
  })

  test.for([
    ['28P01', 'password authentication failed for user "app"', 'password of app'],
    ['28000', 'no pg_hba.conf entry for host "10.0.0.9", user "app"', 'does not let app in'],
    ['3D000', 'database "gatehouse" does not exist', 'no database gatehouse'],
    ['53300', 'sorry, too many clients already', 'too many'],
  ] as const)(
    'a login refused with %s (%s) is explained, and the password not shown',
    async ([state, words, says]) => {
      await using refusing = await refusingPostgres(state, words)
      const { exit, error } = await failedStart({
        ...(await elsewhere()),
        DATABASE_URL: `postgres://app:${SECRET}@127.0.0.1:${refusing.port}/gatehouse`,
      })
      expect(error.message).toContain('DATABASE_URL')
      expect(error.message).toContain(says)
      expect(exit).toBe(4)
    },
  )

  test('something that is no PostgreSQL is not waited for', async () => {
    const { exit, error } = await failedStart({
      ...(await elsewhere()),
      DATABASE_URL: `postgres://app:${SECRET}@127.0.0.1:${deployment.port}/gatehouse`,
    })
    expect(error.message).toContain('DATABASE_URL')
    expect(exit).toBe(4)
  })
})

describe.runIf(ENGINE === 'postgres')('with a database that is not made ready', () => {
  let fresh: FreshDatabase
  let env: Env
  beforeAll(async () => {
    fresh = await freshDatabase()
    env = {
      GATEHOUSE_DATA_DIR: join(deployment.dataDir, 'fresh'),
      GATEHOUSE_PORT: String(await freePort()),
    }
  })
  afterAll(() => fresh.drop())

  test('a database that does not exist is named', async () => {
    const url = new URL(deployment.env['DATABASE_URL']!)
    url.pathname = '/no_such_database'
    const { exit, error } = await failedStart({ ...env, DATABASE_URL: url.href })
    expect(error.message).toContain('DATABASE_URL: there is no database no_such_database')
    expect(exit).toBe(4)
  })

  test('a superuser in DATABASE_URL is refused by name', async () => {
    const url = new URL(deployment.env['DATABASE_URL']!)
    url.username = new URL(fresh.adminUrl).username
    const { exit, error } = await failedStart({ ...env, DATABASE_URL: url.href })
    expect(error.message).toContain(`${url.username} is a superuser`)
    expect(error.message).toContain('DATABASE_URL')
    expect(exit).not.toBe(0)
  })

  test('before init-database and migrate it says which of them to run', async () => {
    const before = await failedStart({
      ...env,
      DATABASE_URL: fresh.urls.app,
      DATABASE_OWNER_URL: '',
      DATABASE_WORKER_URL: '',
    })
    expect(before.error.message).toContain('DATABASE_URL')

    const logins = databaseEnv(fresh.urls)
    const init = await deployment.spawn(['init-database'], {
      ...env,
      ...logins,
      DATABASE_ADMIN_URL: fresh.adminUrl,
    }).ended
    expect(init).toMatchObject({ code: 0 })
    const unmigrated = await failedStart({
      ...env,
      DATABASE_URL: fresh.urls.app,
      DATABASE_OWNER_URL: '',
      DATABASE_WORKER_URL: '',
    })
    expect(unmigrated.error.message).toContain('gatehouse migrate')
    expect(unmigrated.exit).not.toBe(0)

    const withoutOwner = await failedStart(
      { ...env, DATABASE_URL: fresh.urls.app, DATABASE_OWNER_URL: '', DATABASE_WORKER_URL: '' },
      ['migrate'],
    )
    expect(withoutOwner.error.message).toContain('DATABASE_OWNER_URL')
    const migrated = await deployment.spawn(['migrate'], { ...env, ...logins }).ended
    expect(migrated).toMatchObject({ code: 0 })
  })
})

interface RefusingPostgres extends AsyncDisposable {
  readonly port: number
}

/** Speaks just enough of the protocol to refuse every login: asks for the password, then answers with an error. */
async function refusingPostgres(state: string, words: string): Promise<RefusingPostgres> {
  const server: Server = createServer(socket => refuse(socket, state, words))
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise(resolve => void server.close(() => resolve())),
  }
}

function refuse(socket: Socket, state: string, words: string): void {
  const message = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(5)
    head.write(type)
    head.writeInt32BE(body.length + 4, 1)
    return Buffer.concat([head, body])
  }
  const cleartextPassword = Buffer.from([0, 0, 0, 3])
  const fields = `SFATAL\0VFATAL\0C${state}\0M${words}\0\0`
  socket.on('error', () => undefined)
  socket.once('data', () => {
    socket.write(message('R', cleartextPassword))
    socket.once('data', () => socket.end(message('E', Buffer.from(fields))))
  })
}
