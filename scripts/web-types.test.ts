// The types of the page's calls: what a schema says is what the type says, and nothing is guessed.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineOperation, type Operation } from '../src/gate/operation.ts'
import { describedCatalog } from './web-types/described-catalog.ts'
import { operationTypes } from './web-types.ts'
import { namedShapes } from './web-types/shapes.ts'
import type { JsonSchema } from './web-types/json-schema.ts'

const Pair = z.strictObject({ id: z.string(), size: z.int() })

function reading(name: string, input: z.ZodObject, output: z.ZodObject): Operation {
  return defineOperation({
    name,
    title: 'Look',
    description: 'Looks */ twice.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    input,
    output,
    run: async () => ({}),
  })
}

const typesOf = (input: z.ZodObject, output: z.ZodObject): string =>
  operationTypes([reading('look', input, output)], {}).replaceAll(/\s+/g, ' ')

describe('the types of the operations', () => {
  test('a field with a default may be left out of the input and is always there in the output', () => {
    const shape = z.strictObject({ limit: z.int().default(10) })
    expect(typesOf(shape, shape)).toContain('/** Default: 10. */ readonly limit?: number | undefined;')
    expect(typesOf(shape, shape)).toContain(
      'readonly output: { /** Default: 10. */ readonly limit: number; }',
    )
  })

  test('a shape that stands twice is written once, by the name of its first field', () => {
    const text = typesOf(z.strictObject({}), z.strictObject({ near: Pair, far: Pair }))
    expect(text).toContain('readonly near: Near; readonly far: Near;')
    expect(text.match(/readonly size/g)).toHaveLength(1)
  })

  test('a shape that holds itself is written by its name', () => {
    const text = typesOf(z.strictObject({ value: z.json() }), z.strictObject({ value: z.json() }))
    expect(text).toMatch(/export type Value = string \| number \| boolean \| null \| readonly \(Value\)\[\]/)
  })

  test('a description cannot end the comment it stands in', () => {
    expect(typesOf(z.strictObject({}), z.strictObject({}))).toContain('/** Look. Looks * / twice. */')
  })

  test('a keyword nothing is written for, a name that fits no shape and a name given twice are errors', () => {
    const both = z.tuple([z.string(), z.int()])
    expect(() => typesOf(z.strictObject({ both }), z.strictObject({}))).toThrow('the keyword prefixItems')
    const root = z.toJSONSchema(
      z.strictObject({ one: z.strictObject({ a: z.string(), b: z.string() }), two: Pair }),
    )
    const place = { operation: 'look', io: 'output' as const, path: [] }
    const named = (names: Record<string, string>) =>
      namedShapes([{ schema: root as JsonSchema, place }], names)
    expect(() => named({ 'look.output.three': 'Three' })).toThrow('look.output.three')
    expect(() => named({ 'look.output.one': 'Same', 'look.output.two': 'Same' })).toThrow('two shapes')
  })

  test('the catalog describes itself without a server, each operation once', () => {
    const names = describedCatalog().map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(expect.arrayContaining(['hybrid_search', 'follow_task', 'get_cost_report']))
  })
})
