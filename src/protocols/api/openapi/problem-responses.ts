// How a call of /api can be refused: one problem document for all, a status for each kind.
import type { Operation } from '../../../gate/operation.ts'
import { FAULTS } from '../../../platform/faults.ts'

export const problemSchema = {
  type: 'object',
  description: 'RFC 9457. Programs go by `code` and `reason`; `detail` is for people and may change.',
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
  additionalProperties: false,
  properties: {
    type: { type: 'string', const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What went wrong and what to do.' },
    code: { type: 'string', enum: Object.keys(FAULTS) },
    reason: { type: 'string', description: 'A finer code below `code`.' },
    issues: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        additionalProperties: false,
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
    retry_after_ms: { type: 'integer' },
    facts: {
      type: 'object',
      description:
        'What a program needs to know besides, by `reason`: the limit of a budget, when it is free again.',
    },
    request_id: { type: 'string', description: 'Name it to an operator: the log knows the call by it.' },
    trace_id: { type: 'string', description: 'The same for the traces.' },
  },
  examples: [
    {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'limit must be between 1 and 50, got 80',
      code: 'invalid_input',
      issues: [{ field: 'limit', message: 'limit must be between 1 and 50, got 80' }],
      request_id: '7d8c5f0e-2f7e-4f6a-9d55-0d6f0f1a2b3c',
    },
  ],
} as const

const WORDS = {
  BadRequest: 'The input is not valid; `issues` names each field.',
  Unauthenticated: 'No credential, or one that is not valid here. WWW-Authenticate says what is asked for.',
  PaymentRequired: 'Reserved: the budget of the caller is used up.',
  Forbidden: 'The credential does not allow it. WWW-Authenticate names the scope that would.',
  NotFound: 'No such thing for this caller; it may exist for another.',
  Conflict: 'It conflicts with what is there.',
  TooLarge: 'The body is larger than this operation takes.',
  MediaType: 'The body is not application/json, or is compressed.',
  Unsupported: 'This is not supported.',
  TooMany: 'Too many calls; Retry-After says when to come back.',
  Internal: 'Something went wrong on our side; it is in the log under the request id.',
  Unavailable: 'Something the call needs is not available; try again shortly.',
  Timeout: 'The call took too long and was stopped.',
} as const

/** Of the components: a response for each kind of refusal. */
export const problemResponses = Object.fromEntries(
  Object.entries(WORDS).map(([name, description]) => [name, response(name, description)]),
)

const EVERYWHERE = {
  400: 'BadRequest',
  401: 'Unauthenticated',
  402: 'PaymentRequired',
  404: 'NotFound',
  413: 'TooLarge',
  415: 'MediaType',
  429: 'TooMany',
  500: 'Internal',
  503: 'Unavailable',
  504: 'Timeout',
} as const
const OF_TENANTS = { 403: 'Forbidden' } as const
const OF_WRITES = { 409: 'Conflict', 422: 'Unsupported' } as const

/** The refusals of one operation, as references to the components. */
export function refusalsOf({ realm, access }: Operation): Record<string, unknown> {
  const names: Record<string, string> = {
    ...EVERYWHERE,
    ...(realm === 'tenant' ? OF_TENANTS : {}),
    ...(access === 'write' ? OF_WRITES : {}),
  }
  return Object.fromEntries(
    Object.entries(names).map(([status, name]) => [status, { $ref: `#/components/responses/${name}` }]),
  )
}

function response(name: string, description: string): Record<string, unknown> {
  const string = { type: 'string' }
  const headers = {
    ...(name === 'Unauthenticated' || name === 'Forbidden' ? { 'WWW-Authenticate': { schema: string } } : {}),
    ...(name === 'TooMany' || name === 'Unavailable'
      ? { 'Retry-After': { schema: { type: 'integer' } } }
      : {}),
  }
  return {
    description,
    headers,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}
