import fc from 'fast-check'
import { expect, test } from 'vitest'
import { documentParams, documentsParams } from './documents-params.ts'

test('what is understood stays, in its own type', () => {
  const given = { collection: 2024, label: 'client-a', type: 'pdf', language: 'german', after: 'c', x: 1 }
  expect(documentsParams(given)).toEqual({
    collection: '2024',
    label: 'client-a',
    type: 'pdf',
    language: 'german',
    after: 'c',
  })
  expect(documentParams({ version: 2, from: 0, to: 10, since: 1 })).toEqual({
    version: 2,
    from: 0,
    to: 10,
    since: 1,
  })
})

test.each([
  [{ version: 0, from: 5, to: 5 }],
  [{ version: 1.5, from: 5 }],
  [{ from: -1, to: 4, since: '1' }],
  [{ version: 2 ** 40, to: 4 }],
])('%j says nothing about a document', given => expect(documentParams(given)).toEqual({}))

test('whatever stands in an address, nothing breaks and nothing else comes through', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('type', 'label', 'version', 'from', 'to'), fc.anything()),
      given => {
        expect(['markdown', 'pdf', undefined]).toContain(documentsParams({ ...given, label: 'x' }).type)
        const { from = 0, to = 1 } = documentParams(given)
        expect(from < to).toBe(true)
      },
    ),
  )
})
