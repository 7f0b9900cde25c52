import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { FIRST_HEAD } from './canonical.ts'
import { canonicalBytes, rowHash, type ChainedRow } from './row-hash.ts'

const row: ChainedRow = {
  tenant_id: '0198aaaa-0000-7000-8000-000000000001',
  id: '0198bbbb-0000-7000-8000-000000000002',
  sequence: 7n,
  at_us: 1_700_000_000_123_456n,
  subject: 'ada',
  token_id: 'jti-1',
  operation: 'retrieve_document',
  object: 'document:1',
  outcome: 'ok',
  fault: null,
  request_id: 'r-1',
  trace_id: '0'.repeat(32),
  chained_as: 3n,
}
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('format 1 is what it always was: chains that are in use verify for ever', () => {
  expect(hex(rowHash(FIRST_HEAD, row))).toBe(
    '69c140d2b72b6a3e90f416c08426b659e2c30b245e0d048116ed40dcf1d4255f',
  )
  expect(hex(rowHash(FIRST_HEAD, { ...row, tenant_id: null, token_id: null }))).toBe(
    'ea849739ea80ced49b9d52625ea05d53ef648b3d7883f32f8de11e36bc4a3804',
  )
})

test('the bytes are the format, then each value with its length', () => {
  const text = (value: string): Buffer => {
    const head = Buffer.alloc(5)
    head.writeUInt8(1)
    head.writeUInt32BE(Buffer.byteLength(value), 1)
    return Buffer.concat([head, Buffer.from(value)])
  }
  const given = { ...row, subject: 'Zoë', fault: null }
  const expected = Buffer.concat([
    Buffer.from('gatehouse audit row, format 1\0'),
    ...[given.tenant_id ?? '', given.id, '7', '1700000000123456', 'Zoë', 'jti-1'].map(text),
    ...['retrieve_document', 'document:1', 'ok'].map(text),
    Buffer.of(0),
    ...['r-1', '0'.repeat(32), '3'].map(text),
  ])
  expect(canonicalBytes(given)).toEqual(expected)
  expect(hex(rowHash(FIRST_HEAD, given))).toBe(
    createHash('sha256').update(Buffer.alloc(32)).update(expected).digest('hex'),
  )
})

describe('no value changes unnoticed', () => {
  const others: Record<keyof ChainedRow, unknown> = {
    tenant_id: '0198aaaa-0000-7000-8000-000000000009',
    id: '0198bbbb-0000-7000-8000-000000000009',
    sequence: 8n,
    at_us: 1_700_000_000_123_457n,
    subject: 'bob',
    token_id: null,
    operation: 'list_documents',
    object: null,
    outcome: 'refused',
    fault: '',
    request_id: '',
    trace_id: '1'.repeat(32),
    chained_as: 4n,
  }
  test.each(Object.entries(others))('%s', (name, value) => {
    expect(hex(rowHash(FIRST_HEAD, { ...row, [name]: value }))).not.toBe(hex(rowHash(FIRST_HEAD, row)))
  })

  test('the hash before it', () => {
    expect(hex(rowHash(new Uint8Array(32).fill(1), row))).not.toBe(hex(rowHash(FIRST_HEAD, row)))
  })

  test('what moves from one value into the next', () => {
    const moved = { ...row, subject: 'adaj', token_id: 'ti-1' }
    expect(canonicalBytes(moved)).toHaveLength(canonicalBytes(row).length)
    expect(hex(rowHash(FIRST_HEAD, moved))).not.toBe(hex(rowHash(FIRST_HEAD, row)))
  })
})
