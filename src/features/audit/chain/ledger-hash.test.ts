import { describe, expect, test } from 'vitest'
import { FIRST_HEAD } from './canonical.ts'
import { chargeHash, type ChainedCharge } from './ledger-hash.ts'

const row: ChainedCharge = {
  tenant_id: '0198aaaa-0000-7000-8000-000000000001',
  id: '0198bbbb-0000-7000-8000-000000000002',
  sequence: 7n,
  at_us: 1_700_000_000_123_456n,
  kind: 'charge',
  hold_id: '0198cccc-0000-7000-8000-000000000003',
  subject: 'ada',
  key_id: null,
  model: 'openai:gpt-4',
  operation: 'ask',
  task: null,
  step: 'answer',
  label: 'matter 7',
  usage: '{"input": 100, "output": 3}',
  per_million: '{"input": 1000000, "output": 1000000}',
  price_version: 'seed:1',
  cost_nano: 103n,
  basis: 'provider',
  uncharged_nano: 0n,
  note: null,
  chained_as: 3n,
}
const hash = (given: ChainedCharge, previous = FIRST_HEAD): string =>
  Buffer.from(chargeHash(previous, given)).toString('hex')

test('format 1 is what it always was: chains that are in use verify for ever', () => {
  expect(hash(row)).toBe('2aba7ec82d762510b3fa885ecd42125c06cd32a58c2df9a91395d5f8f58f5401')
})

describe('no value changes unnoticed', () => {
  const others: Record<keyof ChainedCharge, unknown> = {
    tenant_id: '0198aaaa-0000-7000-8000-000000000009',
    id: '0198bbbb-0000-7000-8000-000000000009',
    sequence: 8n,
    at_us: null,
    kind: 'correction',
    hold_id: '0198cccc-0000-7000-8000-000000000009',
    subject: 'bob',
    key_id: '',
    model: 'openai:gpt-5',
    operation: 'search',
    task: '',
    step: 'embed',
    label: 'matter 8',
    usage: '{"input": 99, "output": 3}',
    per_million: '{"input": 1000001, "output": 1000000}',
    price_version: 'seed:2',
    cost_nano: -103n,
    basis: 'counted',
    uncharged_nano: 1n,
    note: '',
    chained_as: 4n,
  }
  test.each(Object.entries(others))('%s', (name, value) => {
    expect(hash({ ...row, [name]: value })).not.toBe(hash(row))
  })

  test('the hash before it', () => {
    expect(hash(row, new Uint8Array(32).fill(1))).not.toBe(hash(row))
  })
})
