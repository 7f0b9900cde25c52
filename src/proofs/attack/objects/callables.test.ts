// Finding the ids in a schema, and filling an input around one.
import { expect, test } from 'vitest'
import { idPlaces, inputWith } from './callables.ts'

const uuid = { type: 'string', format: 'uuid' }
const ID = '00000000-0000-7000-8000-000000000000'

test('ids are found by format and by name, in objects, lists and alternatives', () => {
  const schema = {
    type: 'object',
    properties: {
      document_id: uuid,
      title: { type: 'string' },
      document: { type: 'string' },
      ingestions: { type: 'array', items: { type: 'object', properties: { ingestion_id: uuid } } },
      who: { anyOf: [{ type: 'object', properties: { user_id: { type: 'string' } } }] },
      ids: { type: 'array', items: uuid },
    },
  }
  expect(idPlaces(schema)).toStrictEqual(
    [
      ['document_id'],
      ['document'],
      ['ingestions', '0', 'ingestion_id'],
      ['who', 'user_id'],
      ['ids', '0'],
    ].toSorted((one, other) => order(schema, one) - order(schema, other)),
  )
})

const order = (schema: { properties: object }, [first = '']: string[]): number =>
  Object.keys(schema.properties).indexOf(first)

test('an input holds the id where it was wanted, and the least that is required beside it', () => {
  const schema = {
    type: 'object',
    required: ['wait', 'blob_id', 'kind', 'ingestions'],
    properties: {
      wait: { type: 'integer', minimum: 3 },
      blob_id: uuid,
      kind: { type: 'string', enum: ['a', 'b'] },
      note: { type: 'string' },
      ingestions: {
        type: 'array',
        minItems: 1,
        items: { type: 'object', required: ['ingestion_id'], properties: { ingestion_id: uuid } },
      },
    },
  }
  expect(inputWith(schema, ['ingestions', '0', 'ingestion_id'], ID)).toStrictEqual({
    wait: 3,
    blob_id: ID,
    kind: 'a',
    ingestions: [{ ingestion_id: ID }],
  })
  expect(inputWith(schema, ['blob_id'], ID)).toMatchObject({
    blob_id: ID,
    ingestions: [{ ingestion_id: ID }],
  })
})
