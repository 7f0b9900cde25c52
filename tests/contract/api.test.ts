// The command line as a client of /api at an address: who it is there follows from its credential alone.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { remoteUrl, urlWay, type UrlWay } from '../../src/protocols/cli/connection/url-way.ts'
import { operatorOver, type Operator } from '../../src/protocols/cli/operator.ts'
import { apiToken, askApi } from '../harness/api-client.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

let whole: TestGatehouse
let way: UrlWay
let token: string
const withCredential = (credential: string): Operator =>
  operatorOver(way.post, () => Promise.resolve(), credential)

beforeAll(async () => {
  whole = await openTestGatehouse()
  way = urlWay(remoteUrl(whole.url))
  const tenant = await whole.createTenant('remote-a')
  token = await apiToken(whole, tenant, ['documents:read', 'documents:write', 'keys:write'])
  const added = await askApi(whole.url, 'add_document', token, { title: 'Far', content: 'Of far zeppelins.' })
  if (added.status !== 200) throw new Error(added.text)
})
afterAll(async () => {
  way.close()
  await whole.close()
})

const titles = (answer: Record<string, unknown>) =>
  (answer['hits'] as { title: string }[]).map(({ title }) => title)

test('with a token of a user it acts as that user, in the tenant of the token', async () => {
  const caller = withCredential(token).as(undefined, 'whoever is typed')
  expect(titles(await caller.run('hybrid_search', { query: 'zeppelins' }))).toEqual(['Far'])
})

test('with an API key as with a token', async () => {
  const { body } = await askApi(whole.url, 'create_api_key', token, {
    name: 'remote',
    scopes: ['documents:read'],
  })
  const caller = withCredential(String(body['key'])).as(undefined, 'operator')
  expect(titles(await caller.run('hybrid_search', { query: 'zeppelins' }))).toEqual(['Far'])
  await expect(caller.run('add_document', { title: 'x', content: 'x' })).rejects.toMatchObject({
    code: 'forbidden',
    reason: 'insufficient_scope',
  })
})

test('with an operator key it runs the deployment, and acts in tenants by tokens that it has signed', async () => {
  const { key } = await whole.gatehouse.operate('create_operator_key', { name: 'remote' })
  const operator = withCredential(String(key))
  const { tenants } = await operator.run('list_tenants', {})
  expect(tenants).toMatchObject([{ slug: 'remote-a' }])
  expect(
    titles(await operator.as('remote-a', 'somebody').run('hybrid_search', { query: 'zeppelins' })),
  ).toEqual(['Far'])
})

test('the credential of a user does not run the deployment, and says which would', async () => {
  await expect(withCredential(token).run('list_tenants', {})).rejects.toMatchObject({
    code: 'forbidden',
    reason: 'operator_key',
  })
  await expect(withCredential(token).as('remote-a', 'ada').ready()).rejects.toMatchObject({
    reason: 'operator_key',
  })
})

test('a credential that is not valid there is an error of authentication, and nobody there one of reach', async () => {
  await expect(withCredential('nonsense').run('list_tenants', {})).rejects.toMatchObject({
    code: 'unauthenticated',
  })
  const nowhere = urlWay(remoteUrl('http://127.0.0.1:1'))
  const operator = operatorOver(nowhere.post, () => Promise.resolve(), token)
  await expect(operator.run('list_tenants', {})).rejects.toMatchObject({
    code: 'unavailable',
    reason: 'no_server',
  })
  nowhere.close()
})
