// What every search asks for, and the query as the database can take it.
import { z } from 'zod'
import { fault } from '../../platform/faults.ts'
import { storableText } from '../../platform/storable-text.ts'
import { CANDIDATES } from './branches/branch-rows.ts'

export const query = z
  .string()
  .min(1)
  .max(10_000)
  .describe('Plain words. "Quoted words" must stand together, -words must not occur.')

export const limit = z.int().min(1).max(CANDIDATES).default(10).describe('How many documents at most.')

export const explain = z
  .boolean()
  .default(false)
  .describe('Adds to each hit how often the words stand in it.')

// A bound, so that the sum of two weights is a number that divides.
export const weight = z.number().min(0).max(1_000).optional()

export interface Question {
  readonly query: string
  readonly cleaned: boolean
}

export function question(raw: string): Question {
  const { text, cleaned } = storableText(raw)
  if (text.trim() !== '') return { query: text, cleaned }
  const message = 'query must not be blank'
  throw fault('invalid_input', { say: message, issues: [{ field: 'query', message }] })
}
