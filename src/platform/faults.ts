// The closed list of ways a call can fail. A fault knows its meaning and what may be said about it;
// how it looks on a wire is that wire's own table (protocols/*/…-faults.ts).

/** What each code means. `say` is the sentence a caller reads when the thrower gave no better one. */
export const FAULTS = {
  unauthenticated: { say: 'A valid access token is required.' },
  forbidden: { say: 'This token does not allow that.' },
  not_found: { say: 'Not found.' },
  invalid_input: { say: 'The input is not valid.' },
  conflict: { say: 'This conflicts with what is already there.' },
  unsupported: { say: 'This is not supported.' },
  rate_limited: { say: 'Too many calls; wait and try again.' },
  budget_exceeded: { say: 'The budget leaves no room for this call.' },
  cancelled: { say: 'The call was cancelled.' },
  timeout: { say: 'The call took too long and was stopped.' },
  unavailable: { say: 'A service this call needs is not available; try again shortly.' },
  internal: { say: 'Something went wrong on our side. It has been logged under the request id.' },
} as const satisfies Record<string, { say: string }>

export type FaultCode = keyof typeof FAULTS

/** One invalid field of an input: the path ("limit", "documents.0.title") and a sentence about it. */
export interface FieldIssue {
  readonly field: string
  readonly message: string
}

export interface FaultWords {
  /** For the wire: one sentence that says what to do. Ignored for `internal`, which always says the same. */
  readonly say?: string
  /** For the wire: a stable machine-readable reason below the code, e.g. `tenant_inactive`. */
  readonly reason?: string
  /** For the wire: which fields were wrong. */
  readonly issues?: readonly FieldIssue[]
  /** For the wire: when a retry can succeed, in milliseconds. */
  readonly retryAfterMs?: number
  /** For the wire: what a program needs to know beyond the reason; amounts of money as strings of nano-USD. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>
  /** For the log only: what really happened. */
  readonly detail?: string
  /** For the log only: the error this one stands for. */
  readonly because?: unknown
}

/** The one error class of the product. `message` is for logs; only `say`, `reason`, `issues`, `retryAfterMs` and `facts` may leave. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly say: string
  readonly reason: string | undefined
  readonly issues: readonly FieldIssue[]
  readonly retryAfterMs: number | undefined
  readonly facts: NonNullable<FaultWords['facts']> | undefined

  constructor(code: FaultCode, words: FaultWords = {}) {
    const say = code === 'internal' ? FAULTS.internal.say : (words.say ?? FAULTS[code].say)
    super(words.detail ?? say, words.because === undefined ? undefined : { cause: words.because })
    this.code = code
    this.say = say
    this.reason = words.reason
    this.issues = words.issues ?? []
    this.retryAfterMs = words.retryAfterMs
    this.facts = words.facts
  }
}

/** `throw fault('unavailable', { detail: 'pool exhausted', because: error })` */
export function fault(code: FaultCode, words?: FaultWords): Fault {
  return new Fault(code, words)
}

/** Any thrown value as a fault: what is not one already becomes `internal`, its cause kept for the log. */
export function asFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  return new Fault('internal', {
    detail: thrown instanceof Error ? thrown.message : String(thrown),
    because: thrown,
  })
}
