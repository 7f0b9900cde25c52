import { expect, test } from 'vitest'
import { hasField, inputFields, inputOf } from './input-fields.ts'

const SCHEMA = {
  type: 'object',
  properties: {
    question: { type: 'string' },
    limit: { type: 'integer', default: 5, minimum: 1, maximum: 20 },
    require_verified: { type: 'boolean', default: false, description: 'Fail.' },
    law: { type: 'string', enum: ['Germany', 'Italy'] },
    more: { type: 'object' },
  },
  required: ['question', 'limit', 'law'],
}
const fields = inputFields(SCHEMA, ['question'])

test('a field for each thing the workflow takes, but those that have a place of their own', () => {
  expect(fields.map(({ name, kind, isRequired, initial }) => [name, kind, isRequired, initial])).toEqual([
    ['limit', 'number', false, '5'],
    ['require_verified', 'flag', false, 'false'],
    ['law', 'choice', true, ''],
    ['more', 'json', false, ''],
  ])
  expect(fields[1]).toMatchObject({ label: 'Require verified', hint: 'Fail.' })
  expect([hasField(SCHEMA, 'question'), hasField(SCHEMA, 'model')]).toEqual([true, false])
})

test('what was not touched is left out, the rest has its type', () => {
  expect(inputOf(fields, {})).toEqual({})
  const values = { limit: '7', require_verified: 'true', law: 'Italy', more: '{"a":1}' }
  expect(inputOf(fields, values)).toEqual({ limit: 7, require_verified: true, law: 'Italy', more: { a: 1 } })
})

test('what cannot be read goes as it was written, for the server to say what is wrong', () => {
  expect(inputOf(fields, { limit: 'many', more: '{' })).toEqual({ limit: 'many', more: '{' })
})

test('a schema of another shape has no fields', () => {
  expect(inputFields({ properties: 'x' }, [])).toEqual([])
})
