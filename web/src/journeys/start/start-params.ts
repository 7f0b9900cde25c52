// What stands in the address of the beginning.

export interface StartParams {
  /** Somebody makes a tenant of their own. */
  readonly make?: true
}

export function startParams(given: Record<string, unknown>): StartParams {
  return given['make'] === true ? { make: true } : {}
}
