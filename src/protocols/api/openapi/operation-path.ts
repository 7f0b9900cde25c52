// One operation as OpenAPI describes it: what it takes, what it answers, who may ask and how it may be refused.
import { z } from 'zod'
import type { Operation } from '../../../gate/operation.ts'
import { credentialAnswers } from '../credential-answers.ts'
import { refusalsOf } from './problem-responses.ts'

export const bodyLimitWords = 'Bodies are plain JSON of 4 MiB at most, without any Content-Encoding.'

export function operationPath(operation: Operation): Record<string, unknown> {
  const { name, title, description } = operation
  const why = credentialAnswers[name]
  const input = schemaOf(operation.input, 'input')
  return {
    operationId: name,
    summary: title,
    description: [
      description,
      ...(why === undefined ? [] : [`The answer holds a credential: ${why}`]),
      ...(isFollowed(operation) ? [FOLLOWED_WORDS] : []),
    ].join(' '),
    tags: [operation.realm],
    ...securityOf(operation),
    'x-access': operation.access,
    ...(isFollowed(operation) ? { parameters: [LAST_EVENT_ID] } : {}),
    requestBody: {
      required: (input.required ?? []).length > 0,
      content: { 'application/json': { schema: input } },
    },
    responses: {
      200: {
        description: 'Done.',
        content: {
          'application/json': { schema: schemaOf(operation.output, 'output') },
          ...(isFollowed(operation) ? { 'text/event-stream': { schema: { type: 'string' } } } : {}),
        },
      },
      ...refusalsOf(operation),
    },
  }
}

const FOLLOWED_WORDS =
  'With `Accept: text/event-stream` it is followed: each message is such an answer as JSON with an `id` to go on from, the event ' +
  '`end` says that nothing more comes, the event `problem` holds a problem document and ends it too.'

const LAST_EVENT_ID = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'The id of the last message received, for the same body: the stream goes on behind it.',
  schema: { type: 'string', maxLength: 2_000 },
} as const

function isFollowed(operation: Operation): boolean {
  return operation.realm === 'tenant' && operation.access === 'read' && operation.follow !== undefined
}

function securityOf(operation: Operation): Record<string, unknown> {
  if (operation.realm === 'deployment') return { security: [{ operator: [] }] }
  return { security: [{ bearer: [operation.scope] }], 'x-scope': operation.scope }
}

interface WireSchema {
  readonly required?: readonly string[]
}

/** Of an output, "output" closes every object: what is not declared is never sent. */
function schemaOf(schema: z.ZodObject, io: 'input' | 'output'): WireSchema {
  const written = z.toJSONSchema(schema, { io, target: 'draft-2020-12' })
  return JSON.parse(JSON.stringify({ ...written, $schema: undefined })) as WireSchema
}
