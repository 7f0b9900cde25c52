// What a child may say, checked: it has read something hostile.
import { z } from 'zod'
import { FILE_TYPES } from '../file-type.ts'
import { CONTENTS, PARSE_REASONS } from '../refusal.ts'
import { MAX_PIECE, PARSE_WARNINGS } from './parser-messages.ts'

const file = z.number().int()
const page = z.number().int().positive().nullable()
const count = z.number().int().nonnegative()
const contents = z.string().refine(name => Object.hasOwn(CONTENTS, name))

const parsed = z.strictObject({
  fileType: z.enum(FILE_TYPES),
  format: z.enum(['text', 'markdown']),
  title: z.string().max(300).nullable(),
  pages: count.nullable(),
  warnings: z.array(z.enum(PARSE_WARNINGS)).max(PARSE_WARNINGS.length),
})
const facts = z.strictObject({
  found: contents.transform(name => name as keyof typeof CONTENTS).exactOptional(),
  claimed: z.enum(FILE_TYPES).exactOptional(),
  count: count.exactOptional(),
})

export const childWords = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('more'), file }),
  z.strictObject({ kind: z.literal('text'), file, text: z.string().min(1).max(MAX_PIECE), page }),
  z.strictObject({ kind: z.literal('done'), file, parsed }),
  z.strictObject({
    kind: z.literal('refused'),
    file,
    reason: z.enum(PARSE_REASONS),
    facts,
    because: z.string().max(100).nullable(),
  }),
])
export type ChildWords = z.infer<typeof childWords>
