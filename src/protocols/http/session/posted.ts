// What people post when they sign in, as schemas. Refusals name the field and never repeat what was in it: it may be a
// password.
import { z } from 'zod'
import { emailAddress, personName } from '../../../gate/sign-in/email-address.ts'
import { fault } from '../../../platform/faults.ts'

/** How long a new one may be is for the rules to say; this bounds what is hashed. */
const password = z.string('is required').min(1, 'is required').max(1_024, 'is too long')
const code = z.string('is required').trim().min(1, 'is required').max(200, 'is not the code of a link')
const name = z.string('is required').trim().pipe(personName)
/** Not the whole schema of an address: whether a wrong one is no address at all is not told. */
const anyEmail = z.string('is required').trim().min(1, 'is required').max(254, 'is too long')

export const POSTED = {
  signIn: z.strictObject({ email: anyEmail, password }),
  firstRun: z.strictObject({
    code,
    email: z.string('is required').trim().pipe(emailAddress),
    name,
    password,
  }),
  invitation: z.strictObject({ code, name, password }),
  reset: z.strictObject({ code, password }),
  passwordChange: z.strictObject({ current: password, new: password }),
  target: z.union([
    z.strictObject({ tenant: z.string().min(1).max(63) }),
    z.strictObject({ deployment: z.literal(true) }),
  ]),
}

/** The value, or `invalid_input` with a sentence for each wrong field. */
export function posted<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body ?? {})
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.slice(0, 8).map(({ path, message, code: kind }) => {
    const field = path.map(String).join('.')
    return {
      field,
      message: kind === 'unrecognized_keys' ? 'there is an unknown field' : `${field} ${message}`,
    }
  })
  throw fault('invalid_input', {
    issues,
    say: `${[...new Set(issues.map(issue => issue.message))].join('; ')}.`,
  })
}
