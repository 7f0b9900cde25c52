import { expect, test } from 'vitest'
import { parseAccess } from './access-option.ts'

test.each<[typed: string, access: unknown]>([
  ['everyone', 'everyone'],
  ['user:ada', { users: ['ada'], groups: [] }],
  ['user:ada, group:Senior Partners,user:x:y', { users: ['ada', 'x:y'], groups: ['Senior Partners'] }],
])('%s is read', (typed, access) => {
  expect(parseAccess(typed)).toEqual(access)
})

test.each(['', 'ada', 'user:', 'user:ada,', 'everyone,user:ada', 'role:admin'])('%j is refused', typed => {
  expect(() => parseAccess(typed)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
})
