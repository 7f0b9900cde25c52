import { expect, test } from 'vitest'
import { headOf, headText } from './head-text.ts'

test('a head is read back as it was written', () => {
  const head = { chained_as: 42, chain_hash: 'ab'.repeat(32) }
  expect(headOf(` ${headText(head).toUpperCase()}\n`)).toEqual(head)
})

test.each(['', '42', 'ab:cd', `-1:${'ab'.repeat(32)}`, `1:${'zz'.repeat(32)}`])('%s is no head', text => {
  expect(headOf(text)).toBeUndefined()
})
