// What doctor says about one thing: how bad it is, what was seen, and how to mend it.

export type Severity = 'error' | 'warning' | 'ok'

export interface Finding {
  readonly id: string
  readonly severity: Severity
  /** One sentence; never a password, a key or a token. */
  readonly seen: string
  /** One sentence that says what to do; absent where nothing is to be done. */
  readonly fix?: string
}

export const fine = (id: string, seen: string): Finding => ({ id, severity: 'ok', seen })
export const odd = (id: string, seen: string, fix: string): Finding => ({
  id,
  severity: 'warning',
  seen,
  fix,
})
export const wrong = (id: string, seen: string, fix: string): Finding => ({
  id,
  severity: 'error',
  seen,
  fix,
})
