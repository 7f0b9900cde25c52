// What the server refused, in its own words (RFC 9457), or that it could not be reached.

export interface FieldIssue {
  readonly field: string
  readonly message: string
}

interface ProblemWords {
  readonly status: number
  readonly code: string
  readonly reason: string | undefined
  readonly issues: readonly FieldIssue[]
  readonly facts: Readonly<Record<string, unknown>>
  /** When a retry can succeed. */
  readonly retryAfterMs: number | undefined
  /** For the log and the trace of the server. */
  readonly requestId: string | undefined
  readonly traceId: string | undefined
}

/** `message` is one sentence that says what to do. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly code: string
  readonly reason: string | undefined
  readonly issues: readonly FieldIssue[]
  readonly facts: Readonly<Record<string, unknown>>
  readonly retryAfterMs: number | undefined
  readonly requestId: string | undefined
  readonly traceId: string | undefined

  constructor(say: string, words: Partial<ProblemWords> = {}) {
    super(say)
    this.status = words.status ?? 0
    this.code = words.code ?? 'unavailable'
    this.reason = words.reason
    this.issues = words.issues ?? []
    this.facts = words.facts ?? {}
    this.retryAfterMs = words.retryAfterMs
    this.requestId = words.requestId
    this.traceId = words.traceId
  }
}

/** Of any answer that is no success; what is no problem document (a proxy's page) is told by its status alone. */
export async function problemOf(answer: Response): Promise<ApiProblem> {
  const told: unknown = await answer.json().catch(() => undefined)
  return problemFrom(told, answer.status)
}

export function problemFrom(told: unknown, status: number): ApiProblem {
  const words = membersOf(told)
  const say = text(words['detail']) ?? `The server answered ${status} without saying why; try again.`
  const wait = words['retry_after_ms']
  return new ApiProblem(say, {
    status,
    code: text(words['code']) ?? (status >= 500 ? 'unavailable' : 'internal'),
    reason: text(words['reason']),
    issues: issuesOf(words['issues']),
    facts: membersOf(words['facts']),
    retryAfterMs: typeof wait === 'number' ? wait : undefined,
    requestId: text(words['request_id']),
    traceId: text(words['trace_id']),
  })
}

/** For whatever was thrown; a program's own mistake keeps its message. */
export function asProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown
  return new ApiProblem(thrown instanceof Error ? thrown.message : String(thrown), { code: 'internal' })
}

export function unreachable(): ApiProblem {
  return new ApiProblem('The server cannot be reached. Check the connection; nothing was lost, try again.')
}

function issuesOf(value: unknown): FieldIssue[] {
  const list: unknown[] = Array.isArray(value) ? value : []
  return list.map(membersOf).map(({ field, message }) => ({
    field: text(field) ?? '',
    message: text(message) ?? 'is not valid',
  }))
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {}
}
