import { expect, test } from 'vitest'
import { messageHeaders } from './message-headers.ts'

const META = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' }
const sent = (message: Record<string, unknown>, agreed?: string) => {
  const { accept, 'content-type': type, ...rest } = messageHeaders(message, agreed)
  expect([accept, type]).toEqual(['application/json, text/event-stream', 'application/json'])
  return rest
}

test('a message of the new revision mirrors revision, method and name', () => {
  expect(sent({ method: 'tools/call', params: { name: 'echo', _meta: META } })).toEqual({
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'echo',
  })
  expect(
    sent({ method: 'resources/read', params: { uri: 'doc://1', name: 'no', _meta: META } }),
  ).toMatchObject({ 'mcp-name': 'doc://1' })
  expect(sent({ method: 'tools/list', params: { name: 'no', _meta: META } }, '2025-11-25')).toEqual({
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/list',
  })
})

test('an older message carries the revision that initialize agreed, once there is one', () => {
  expect(sent({ method: 'initialize', params: {} }, '2025-11-25')).toEqual({})
  expect(sent({ method: 'tools/list' })).toEqual({})
  expect(sent({ method: 'tools/list' }, '2025-11-25')).toEqual({ 'mcp-protocol-version': '2025-11-25' })
})

test.each(['naïve', ' padded', 'padded ', 'two\nlines', '=?base64?ZQ==?='])(
  'the name %j travels as base64',
  name => {
    const value = sent({ method: 'tools/call', params: { name, _meta: META } })['mcp-name'] ?? ''
    const base64 = /^=\?base64\?([A-Za-z0-9+/=]*)\?=$/.exec(value)?.[1] ?? ''
    expect(Buffer.from(base64, 'base64').toString('utf8')).toBe(name)
  },
)
