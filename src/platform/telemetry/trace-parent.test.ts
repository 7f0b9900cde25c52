import { expect, test } from 'vitest'
import { parseTraceparent } from './trace-parent.ts'

const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']

test('reads ids and the sampled flag', () => {
  const parent = { traceId: TRACE, spanId: SPAN, isRemote: true }
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ ...parent, traceFlags: 1 })
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-fe`)).toEqual({ ...parent, traceFlags: 0 })
})

test.each([
  undefined,
  7,
  '',
  `ff-${TRACE}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE}-${SPAN}-01-more`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
])('ignores %s', text => {
  expect(parseTraceparent(text)).toBeUndefined()
})
