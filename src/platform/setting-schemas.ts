// What several settings must look like.
import { z } from 'zod'

export const url = z
  .string()
  .refine(text => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be an http(s) URL')

/** A server of the operator's. Its address is printed, so a password in it would be too. */
export const serverUrl = url.refine(
  text => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''),
  'must not carry a user name or password',
)

/** What may stand in a header. */
export const key = z.string().regex(/^[\x21-\x7e]+$/, 'must be one line of printable ASCII')

export const wholeNumber = (most: number) => z.coerce.number('must be a number').positive().int().max(most)
