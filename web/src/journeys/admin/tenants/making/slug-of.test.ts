import { expect, test } from 'vitest'
import { slugOf } from './slug-of.ts'

test.each([
  ['Müller & Söhne GmbH', 'muller-sohne-gmbh'],
  ['  Acme, Inc. ', 'acme-inc'],
  ['日本', ''],
  ['a'.repeat(80), 'a'.repeat(63)],
  [`${'a'.repeat(62)} b`, 'a'.repeat(62)],
])('%s is %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug)
})
