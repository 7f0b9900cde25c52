// Parameters as strangers send them, in ProtoJSON: a member may be named as in the .proto, null means absent, and what
// is not known is ignored. The SDK's codec turns anything into a string, so they are checked before anything else.
import { z } from 'zod'
import { fault } from '../../../platform/faults.ts'

export const MAX_PARTS = 64
const MAX_TEXT = 200_000
const MAX_REFERENCES = 20

/** Of one object: members of its own in camelCase, none that is null. */
export function protoObject<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(canonical, z.object(shape))
}

export const Metadata = z.record(z.string(), z.json()).optional()

const Part = protoObject({
  text: z.string().max(MAX_TEXT).optional(),
  raw: z.string().optional(),
  url: z.string().optional(),
  data: z.json().optional(),
  metadata: Metadata,
  filename: z.string().max(300).optional(),
  mediaType: z.string().max(200).optional(),
}).refine(part => [part.text, part.raw, part.url, part.data].filter(isThere).length === 1, {
  message: 'must have exactly one of text, raw, url and data',
})
export type WirePart = z.output<typeof Part>

export const Message = protoObject({
  messageId: z.string().min(1).max(200),
  contextId: z.string().optional(),
  taskId: z.string().optional(),
  role: z.literal(['ROLE_USER', 1], 'must be ROLE_USER'),
  parts: z.array(Part).min(1).max(MAX_PARTS),
  metadata: Metadata,
  referenceTaskIds: z.array(z.string().min(1)).max(MAX_REFERENCES).optional(),
})
export type WireMessage = z.output<typeof Message>

/** A task has no more messages than the operations give. */
export const HistoryLength = z
  .int()
  .min(0)
  .transform(length => Math.min(length, 500))
  .optional()

/** The parameters, or `invalid_input` that names every member that is wrong. */
export function readParams<T extends z.ZodType>(schema: T, raw: unknown): z.output<T> {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, message }) => ({
    field: path.join('.'),
    message: lowered(message),
  }))
  const [first] = issues
  throw fault('invalid_input', {
    reason: 'invalid_params',
    say: `${first?.field || 'params'}: ${first?.message ?? 'is not valid'}`,
    issues,
  })
}

function canonical(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(
    members.map(([name, member]) => [
      name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      member,
    ]),
  )
}

function isThere(value: unknown): boolean {
  return value !== undefined
}

function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}
