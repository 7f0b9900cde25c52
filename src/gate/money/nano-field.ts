// An amount in an input of an operation: nano-USD as a text of digits. A number of JSON would lose digits beyond 2^53, and
// could be a fraction.
import { z } from 'zod'
import { MOST_NANO } from './usage.ts'

/** A text of whole nano-USD up to `most`. */
export function nanoField(most: bigint = MOST_NANO) {
  return (
    z
      .string()
      .regex(
        /^(?:0|[1-9]\d{0,18})$/,
        'must be whole nano-USD as a text of digits, like "500000000" for $0.50',
      )
      // Asked also of what the line above has refused.
      .refine(
        text => !/^\d{1,19}$/.test(text) || BigInt(text) <= most,
        `must be at most ${most} ($${most / 1_000_000_000n})`,
      )
  )
}
