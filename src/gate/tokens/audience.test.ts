import { expect, test } from 'vitest'
import { issuerOf, resourceOf } from './audience.ts'

test('names are the same with and without a slash at the end of the public URL, and below a path', () => {
  expect(issuerOf('https://gatehouse.test/')).toBe('https://gatehouse.test')
  expect(resourceOf('https://gatehouse.test', 'mcp')).toBe('https://gatehouse.test/mcp')
  expect(resourceOf('https://gatehouse.test/', 'mcp')).toBe('https://gatehouse.test/mcp')
  expect(resourceOf('https://company.test/gatehouse', 'mcp')).toBe('https://company.test/gatehouse/mcp')
})
