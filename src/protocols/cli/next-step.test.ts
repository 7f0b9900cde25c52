import { expect, test } from 'vitest'
import { fault } from '../../platform/faults.ts'
import { nextStep } from './next-step.ts'

test('an unknown name leads to the list, a wrong option to the help of what was typed', () => {
  const unknown = fault('not_found', { reason: 'unknown_tenant', say: 'There is no tenant "x".' })
  expect(nextStep(unknown, 'user create')).toBe('those there are: gatehouse tenant list')
  const invalid = fault('invalid_input', {
    say: 'role is required',
    issues: [{ field: 'role', message: 'role is required' }],
  })
  expect(nextStep(invalid, 'user create')).toBe('what it takes: gatehouse user create --help')
  expect(nextStep(invalid, undefined)).toBeUndefined()
})

test('other faults speak for themselves, whatever their reason is called', () => {
  expect(nextStep(fault('conflict', { reason: 'slug_taken', say: 'x' }), 'tenant create')).toBeUndefined()
  expect(nextStep(fault('conflict', { reason: 'constructor', say: 'x' }), undefined)).toBeUndefined()
})
