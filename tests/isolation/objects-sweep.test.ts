// Everything of tenant A's, asked for by tenant B: the very answer that an id gets which nobody has. Generated from
// the inputs of the catalog: whatever takes an id is asked with every id that A has.
import { randomInt, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Operation } from '../../src/gate/operation.ts'
import { SCOPE_NAMES } from '../../src/gate/scopes.ts'
import { apiToken, askApi } from '../harness/api-client.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { idFieldsOf, inputWith } from './made-input.ts'

let whole: TestGatehouse
/** What A has, by kind. */
const ids: Record<string, string> = {}
let ofB: string
let ofBForMcp: string

// The rules are the database's and the same on both engines; the sweep is long.
describe.runIf(inject('engine') === 'postgres')('another tenant’s ids', () => {
  beforeAll(async () => {
    whole = await openTestGatehouse({ GATEHOUSE_RATE_PER_SECOND: '10000', GATEHOUSE_RATE_BURST: '10000' })
    const [a, b] = await Promise.all([whole.createTenant('objects-a'), whole.createTenant('objects-b')])
    const token = await apiToken(whole, a, SCOPE_NAMES)
    ofB = await apiToken(whole, b, SCOPE_NAMES)
    ofBForMcp = await whole.token(b, SCOPE_NAMES)
    const ask = async (operation: string, input: object): Promise<Record<string, unknown>> => {
      const { status, text, body } = await askApi(whole.url, operation, token, input)
      if (status !== 200) throw new Error(`${operation}: ${status} ${text}`)
      return body
    }
    const document = await ask('add_document', {
      title: 'Of A alone',
      content: 'Only A may read of the zeppelin.',
      external_id: 'only-a-7c1d',
    })
    ids['document'] = String(document['document_id'])
    ids['external id'] = 'only-a-7c1d'
    const blob = await ask('upload_blob', {
      offset: 0,
      data: Buffer.from('x').toString('base64'),
      is_last: false,
    })
    ids['blob'] = String(blob['blob_id'])
    const file = await ask('add_document', {
      name: 'notes.md',
      data: Buffer.from('# Notes').toString('base64'),
    })
    if (typeof file['ingestion_id'] === 'string') ids['ingestion'] = file['ingestion_id']
    await ask('create_user', { id: 'only-a-user', name: 'Only A', role: 'member' })
    ids['user'] = 'only-a-user'
    const group = await ask('create_group', { name: 'only-a-group' })
    ids['group'] = idIn(group)
    ids['key'] = idIn(await ask('create_api_key', { name: 'only-a-key', scopes: ['documents:read'] }))
    ids['invitation'] = idIn(await ask('invite_user', { email: 'only-a@example.test', role: 'reader' }))
  })
  afterAll(() => whole.close())

  test('MC06 AU20 an id of another tenant gets the bytes that an id of nobody gets, at every operation over /api', async () => {
    const wrong: string[] = []
    const answered = new Map<string, Set<number>>()
    await everyId(taking(), async (operation, field, { kind, id, other }) => {
      const [foreign, random] = await Promise.all(
        [id, other].map(one => askApi(whole.url, operation.name, ofB, inputWith(operation, field, one))),
      )
      if (foreign === undefined || random === undefined) throw new Error('two were asked')
      // Of a context that is not there A2A makes an error of the message.
      const status = foreign.text.includes('"unknown_context"') ? 404 : foreign.status
      answered.set(operation.name, (answered.get(operation.name) ?? new Set()).add(status))
      if (
        foreign.status >= 500 ||
        foreign.status !== random.status ||
        plain(foreign.text, id) !== plain(random.text, other)
      )
        wrong.push(
          `${operation.name}.${field.join('.')} of a ${kind}: ${foreign.status} ${foreign.text} | ${random.status} ${random.text}`,
        )
    })
    expect(wrong).toEqual([])
    // An input that is never valid would prove nothing.
    const neverValid = [...answered].filter(([, statuses]) => [...statuses].every(status => status === 400))
    expect(neverValid.map(([name]) => name)).toEqual([])
  }, 120_000)

  test('MC06 the same over MCP', async () => {
    const wrong: string[] = []
    const tools = taking().filter(({ operation: { tool } }) => tool !== false)
    await everyId(tools, async (operation, field, { kind, id, other }) => {
      const [foreign, random] = await Promise.all(
        [id, other].map(one => whole.call(ofBForMcp, operation.name, inputWith(operation, field, one))),
      )
      if (foreign === undefined || random === undefined) throw new Error('two were asked')
      if (plain(foreign.text, id) !== plain(random.text, other))
        wrong.push(`${operation.name}.${field.join('.')} of a ${kind}: ${foreign.text} | ${random.text}`)
    })
    expect(wrong).toEqual([])
  }, 120_000)

  test('every kind of thing that has an id was there to be asked for', () => {
    expect(Object.keys(ids)).toEqual(
      expect.arrayContaining(['document', 'blob', 'user', 'group', 'key', 'invitation']),
    )
    expect(taking().length).toBeGreaterThan(15)
  })
})

type Taking = ReturnType<typeof taking>

/** Asks for each id of A's and for one like it: all ids at once, but where the caller makes something by that name. */
async function everyId(
  all: Taking,
  ask: (
    operation: Operation,
    field: readonly string[],
    ids: { readonly kind: string; readonly id: string; readonly other: string },
  ) => Promise<void>,
): Promise<void> {
  for (const { operation, field } of all) {
    const each = Object.entries(ids).map(([kind, id]) => ({ kind, id, other: likeIt(id, kind) }))
    if (NAMING.test(operation.name)) for (const one of each) await ask(operation, field, one)
    else await Promise.all(each.map(one => ask(operation, field, one)))
  }
}

/** The first id that an answer holds. */
function idIn(answer: Record<string, unknown>): string {
  const id = /"(?:id|\w+_id)":"([^"]+)"/.exec(JSON.stringify(answer))?.[1]
  if (id === undefined) throw new Error(`no id in ${JSON.stringify(Object.keys(answer))}`)
  return id
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
/** An answer without the id that was asked for (a refusal may repeat it) and without what is new in every answer. */
const plain = (text: string, id: string): string =>
  text
    .replaceAll(id, '<it>')
    .replaceAll(UUID, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/#<id>[^"]*/g, '#<one-time code>')

const likes = new Map<string, string>()
/** An id that nobody has, of the same form: one for each kind, so that what B does to the two is always the same. */
function likeIt(id: string, kind: string): string {
  const isUuid = new RegExp(`^${UUID.source}$`).test(id)
  const letter = () => 'abcdefghijkmnopqrstuvwxyz'.charAt(randomInt(25))
  const like = likes.get(kind) ?? (isUuid ? randomUUID() : id.replaceAll(/[a-z0-9]/gi, letter))
  likes.set(kind, like)
  return like
}

/** Here the caller chooses the id of something new: afterwards B has one of its own by that name, so they come last. */
const NAMING = /^(create|invite|add|update)_/

const taking = () =>
  whole.gatehouse.catalog
    .filter(operation => operation.realm === 'tenant')
    .toSorted((one, other) => Number(NAMING.test(one.name)) - Number(NAMING.test(other.name)))
    .flatMap(operation => idFieldsOf(operation).map(field => ({ operation, field })))
