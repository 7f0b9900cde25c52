import { expect, test } from 'vitest'
import { allowedNano, budgetName, fullness, partOf } from './budget-words.ts'

test.each([
  [{ scope: 'tenant', member: null, period: 'month' }, 'The tenant’s monthly budget'],
  [{ scope: 'user', member: '*', period: 'day' }, 'The daily budget of each user'],
  [{ scope: 'model', member: 'openai:gpt-4', period: 'lifetime' }, 'The lifetime budget of openai:gpt-4'],
] as const)('%j is called by whose and which time', (budget, name) => {
  expect(budgetName(budget)).toBe(name)
})

test.each([
  [{ left_nano: '0', percent: 99.9 }, 'full'],
  [{ left_nano: '3', percent: 98.2 }, 'near'],
  [{ left_nano: '3', percent: 80 }, 'filling'],
  [{ left_nano: '3', percent: 0 }, 'room'],
  [{ left_nano: null, percent: null }, 'unlimited'],
  [{ left_nano: null, percent: 100 }, 'full'],
] as const)('%j is %s', (budget, words) => {
  expect(fullness(budget)).toBe(words)
})

test('a budget of nothing is full, and what was granted counts', () => {
  expect(partOf('0', '0')).toBe(1)
  expect(allowedNano({ limit_nano: '5', granted_nano: '2' })).toBe('7')
  expect(allowedNano({ limit_nano: null, granted_nano: '2' })).toBeNull()
})
