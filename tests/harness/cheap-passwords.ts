// Passwords hashed at a cost that is right for tests of what signing in does. What the hash itself promises is tested at
// the cost of the product, in password-hash.test.ts.
import type * as PasswordHash from '../../src/gate/sign-in/password-hash.ts'

export const CHEAP = { ln: 8, r: 8, p: 1 } as const

/** For `vi.mock`: the module as it is, but for the cost that nobody asked for. */
export function cheapPasswords(real: typeof PasswordHash): typeof PasswordHash {
  return { ...real, passwordHasher: options => real.passwordHasher({ cost: CHEAP, ...options }) }
}
