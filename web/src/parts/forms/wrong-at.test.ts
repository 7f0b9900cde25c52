import { expect, test } from 'vitest'
import { ApiProblem } from '../../api/problem.ts'
import { wrongAt } from './wrong-at.ts'

const problem = new ApiProblem('no', {
  issues: [
    { field: 'slug', message: 'slug must be shorter' },
    { field: 'scopes.0', message: 'is unknown' },
  ],
})

test('the words of a field stand at it, without its name', () => {
  expect(wrongAt(problem)('slug')).toBe('Must be shorter')
})

test('what is wrong inside of a field is wrong with it', () => {
  expect(wrongAt(problem)('scopes')).toBe('Is unknown')
})

test('other fields and other errors say nothing', () => {
  expect(wrongAt(problem)('name')).toBeUndefined()
  expect(wrongAt(new Error('away'))('slug')).toBeUndefined()
  expect(wrongAt(undefined)('slug')).toBeUndefined()
})
