import { AgentCard, verifyAgentCardSignature } from '@a2a-js/sdk'
import { LegacyRestTransportHandler } from '@a2a-js/sdk/compat/v0_3/server'
import type { ServerCallContext, A2ARequestHandler } from '@a2a-js/sdk/server'
import { webcrypto } from 'node:crypto'
import { beforeAll, expect, test, vi } from 'vitest'
import { agentCards } from './agent-cards.ts'
import { cardSigner } from './card-signer.ts'
import { legacyCard } from './legacy-card.ts'

const PUBLIC_URL = 'https://gatehouse.example'
const RS256 = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
}
const TENANT = '018f3e2a-0000-7000-8000-00000000000a'
const pairs = new Map<string, webcrypto.CryptoKeyPair>()

beforeAll(async () => {
  // The SDK prints every signature that it refuses.
  vi.spyOn(console, 'debug').mockReturnValue()
  for (const kid of ['key-1', 'key-2'])
    pairs.set(kid, await webcrypto.subtle.generateKey(RS256, true, ['sign', 'verify']))
})

function ground({ kid = 'key-1', holds = ['key-1', 'key-2'] }: { kid?: string; holds?: string[] } = {}) {
  const state = { kid: kid as string | undefined, reads: 0, warnings: [] as string[] }
  const cards = agentCards({
    publicUrl: PUBLIC_URL,
    version: '1.2.3',
    workflows: [
      {
        name: 'rag',
        title: 'Answer a question',
        description: 'Finds, ranks, writes and verifies.',
        tags: ['documents'],
        examples: ['What must be notified within 72 hours?'],
        inputSchema: { type: 'object', required: ['question'] },
      },
    ],
    extensions: [
      {
        uri: `${PUBLIC_URL}/a2a/extensions/event-log/v1`,
        description: 'x',
        required: false,
        params: undefined,
      },
    ],
    limits: { maxBodyBytes: 10, maxTextCharacters: 5 },
    sign: cardSigner({
      activeKid: () => state.kid,
      privateKey: async name => {
        state.reads++
        return holds.includes(name) ? pairs.get(name)?.privateKey : undefined
      },
      jwksUrl: `${PUBLIC_URL}/.well-known/jwks.json`,
      log: { warn: (...said: unknown[]) => void state.warnings.push(String(said[1])) } as never,
    }),
  })
  return { cards, state }
}

/** As a client has it: over the wire and back. */
const received = (card: AgentCard): AgentCard =>
  AgentCard.fromJSON(JSON.parse(JSON.stringify(AgentCard.toJSON(card))))

const verify = verifyAgentCardSignature(async (kid, jku) => {
  if (jku !== `${PUBLIC_URL}/.well-known/jwks.json`) throw new Error(`keys from ${jku ?? 'nowhere'}`)
  const pair = pairs.get(kid)
  if (pair === undefined) throw new Error(`no key ${kid}`)
  return pair.publicKey
})

test('both cards are signed: what a client received verifies, and one changed character is refused', async () => {
  const { cards } = ground()
  for (const card of [await cards.card(), await cards.extended({ tenantId: TENANT })]) {
    await verify(received(card))
    const forged = received(card)
    const [first] = forged.supportedInterfaces
    if (first === undefined) throw new Error('a card without interfaces')
    first.url = first.url.replace('gatehouse', 'gatehouze')
    await expect(verify(forged)).rejects.toThrow(/no valid signatures/i)
  }
})

/** RFC 8785 of texts, booleans and lists, without what is empty: by hand, as a client that knows no SDK makes it. */
function canonical(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return value === '' ? undefined : JSON.stringify(value)
  if (Array.isArray(value)) {
    const items = value.map(canonical).filter(item => item !== undefined)
    return items.length === 0 ? undefined : `[${items.join(',')}]`
  }
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, member]) => {
      const text = canonical(member)
      return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`]
    })
  return members.length === 0 ? undefined : `{${members.join(',')}}`
}

test('the first signature is over the whole card as it goes over the wire, security schemes and all', async () => {
  const { cards } = ground()
  for (const card of [await cards.card(), await cards.extended({ tenantId: TENANT })]) {
    const { signatures, ...wire } = AgentCard.toJSON(card) as Record<string, unknown>
    const [first] = signatures as { protected: string; signature: string }[]
    const key = pairs.get('key-1')?.publicKey
    if (key === undefined || first === undefined) throw new Error('unsigned')
    const isSigned = (content: object) => {
      const payload = Buffer.from(canonical(content) ?? '').toString('base64url')
      const signed = Buffer.from(`${first.protected}.${payload}`)
      return webcrypto.subtle.verify(RS256.name, key, Buffer.from(first.signature, 'base64url'), signed)
    }
    expect(canonical(wire)).toContain('securitySchemes')
    expect(await isSigned(wire)).toBe(true)
    expect(await isSigned({ ...wire, securitySchemes: {} })).toBe(false)
  }
})

test('a signature is made once per key and content: the next card has the very same, a new key another', async () => {
  const { cards, state } = ground()
  const [one, two] = [await cards.card(), await cards.card()]
  expect(two.signatures[0]).toBe(one.signatures[0])
  expect(state.reads).toBe(1)
  state.kid = 'key-2'
  const after = await cards.card()
  expect(after.signatures).not.toEqual(one.signatures)
  await verify(received(after))
})

test('a process without the private key serves its card unsigned, and says so once', async () => {
  const { cards, state } = ground({ holds: [] })
  for (let time = 0; time < 3; time++) expect((await cards.card()).signatures).toEqual([])
  expect(state.warnings).toEqual([
    'agent cards are served unsigned: the private key is not in this data folder',
  ])
  state.kid = undefined
  expect((await cards.card()).signatures).toEqual([])
})

test('AA13 the card for strangers names no tenant, no limit and no address but the public one', async () => {
  const { cards } = ground()
  const text = JSON.stringify(AgentCard.toJSON(await cards.card()))
  expect(text).not.toMatch(/tenant"|limits|localhost|127\.0\.0\.1|postgres|redis/i)
  const hosts = [...text.matchAll(/https?:\/\/([^/"]+)/g)].map(([, host]) => host)
  expect(new Set(hosts)).toEqual(new Set(['gatehouse.example']))
})

test("the extended card adds the caller's routing value, the input of each skill and the limits", async () => {
  const { cards } = ground()
  const card = await cards.extended({ tenantId: TENANT })
  expect(card.supportedInterfaces.map(({ tenant }) => tenant)).toEqual([TENANT, TENANT, TENANT])
  const params = Object.fromEntries(
    card.capabilities?.extensions.map(one => [one.uri.split('/').at(-2), one.params] as [string, unknown]) ??
      [],
  )
  expect(params).toEqual({
    'event-log': undefined,
    limits: { maxBodyBytes: 10, maxTextCharacters: 5 },
    'skill-input': { rag: { type: 'object', required: ['question'] } },
  })
})

test('the shape of 0.3 says what the SDK makes of the same card', async () => {
  const { cards } = ground()
  const card = await cards.extended({ tenantId: TENANT })
  const handler = { getAuthenticatedExtendedAgentCard: async () => card, getAgentCard: async () => card }
  const sdk = new LegacyRestTransportHandler(handler as unknown as A2ARequestHandler)
  const said = { ...(await sdk.getAuthenticatedExtendedAgentCard({} as ServerCallContext)) } as Record<
    string,
    unknown
  >
  delete said['signatures']
  const ours = legacyCard(card)
  delete ours['supportedInterfaces']
  // Nothing is left out where it is empty.
  expect(ours).toMatchObject(JSON.parse(JSON.stringify(said)) as Record<string, unknown>)
  expect(Object.keys(ours).filter(name => !(name in said))).toEqual(['additionalInterfaces'])
})
