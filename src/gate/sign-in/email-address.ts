// How people are named who sign in: by an e-mail address, in one spelling, so that one address is one account.
import { z } from 'zod'
import { storableText } from '../../platform/storable-text.ts'

/** In an input. Case is free; `spelledEmail` gives the one spelling. */
export const emailAddress = z.email('must be an e-mail address').min(3).max(254)

/** Of anything that was typed: what no database could hold becomes an address that nobody has. */
export const spelledEmail = (email: string): string =>
  storableText(email.trim().normalize('NFKC').toLowerCase()).text

/** A person's name: 1 to 200 characters, none invisible, no space at either end. */
export const personName = z
  .string()
  .regex(/^(?!\s)[^\p{C}\p{Zl}\p{Zp}]{1,200}(?<!\s)$/u, 'must be 1 to 200 visible characters')
