import { describe, expect, test } from 'vitest'
import { fault, FAULTS, type Fault, type FaultCode } from '../../../platform/faults.ts'
import { a2aError, explained } from './a2a-faults.ts'
import { restErrorBody, rpcErrorBody } from './error-bodies.ts'

const OWN_OF_A2A = [-32001, -32002, -32003, -32004, -32005, -32006, -32007, -32008, -32009]

/** 1.0.1, 5.4: what we throw, and the two codes and the name it must have. */
const TABLE: [string, Fault, [number, number, string]][] = [
  ['TaskNotFound', of('not_found', 'unknown_task'), [-32001, 404, 'NOT_FOUND']],
  ['TaskNotCancelable', of('conflict', 'task_not_cancelable'), [-32002, 400, 'FAILED_PRECONDITION']],
  [
    'PushNotificationNotSupported',
    of('unsupported', 'push_notifications'),
    [-32003, 400, 'FAILED_PRECONDITION'],
  ],
  ['UnsupportedOperation', of('conflict', 'task_ended'), [-32004, 400, 'FAILED_PRECONDITION']],
  ['ContentTypeNotSupported', of('unsupported', 'content_type'), [-32005, 400, 'INVALID_ARGUMENT']],
  ['VersionNotSupported', of('unsupported', 'a2a_version'), [-32009, 400, 'FAILED_PRECONDITION']],
  ['params', of('invalid_input'), [-32602, 400, 'INVALID_ARGUMENT']],
  ['internal', of('internal'), [-32603, 500, 'INTERNAL']],
]

function of(code: FaultCode, reason?: string): Fault {
  return fault(code, reason === undefined ? {} : { reason })
}

describe('a fault over A2A', () => {
  test.each(TABLE)('%s has the codes of the table of 1.0.1', (_what, problem, [code, status, name]) => {
    expect(a2aError(problem)).toMatchObject({ code, status, name })
    expect(restErrorBody(problem, { requestId: 'r' })).toMatchObject({
      error: { code: status, status: name },
    })
  })

  test('no code of ours stands among those that A2A and JSON-RPC keep for themselves', () => {
    for (const code of Object.keys(FAULTS) as FaultCode[]) {
      const error = a2aError(fault(code))
      const isReserved = error.code >= -32768 && error.code <= -32000
      const isTheirs = OWN_OF_A2A.includes(error.code) || error.code <= -32600
      expect(!isReserved || isTheirs, code).toBe(true)
    }
  })

  test('a budget that is used up is 402 over both bindings, never 429: waiting does not help', () => {
    expect(a2aError(fault('budget_exceeded'))).toMatchObject({ code: 402, status: 402, rpcStatus: 402 })
  })

  test('a reason that is the name of a member of objects is no reason of the table', () => {
    expect(a2aError(fault('conflict', { reason: 'constructor' })).status).toBe(409)
  })

  test('says what may be said, and nothing of what is for the log', () => {
    const because = new Error('select secret from hidden_table')
    const problem = fault('unavailable', {
      say: 'Later.',
      detail: 'pool 10.0.0.7',
      because,
      retryAfterMs: 1_500,
    })
    const body = rpcErrorBody(problem, { id: 7, requestId: 'r-1' })
    expect(body).toMatchObject({ jsonrpc: '2.0', id: 7, error: { message: 'Later.' } })
    expect(JSON.stringify(body)).not.toMatch(/secret|10\.0\.0\.7/)
    expect(explained(problem, 'r-1').details).toEqual([
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'UNAVAILABLE', domain: 'gatehouse' },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' },
      { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: 'r-1' },
    ])
  })
})
