// The four pages with a form by which somebody comes to a session: what they ask, and what is done with it.
import type { z } from 'zod'
import { POSTED } from '../posted.ts'
import type { SessionDeps } from '../session-deps.ts'
import type { Field } from './form.ts'
import { html, type Html } from './html.ts'

export interface FormPage<Schema extends z.ZodType = z.ZodType> {
  readonly path: string
  readonly title: string
  readonly lead: Html
  readonly fields: readonly Field[]
  readonly submit: string
  /** What else there is for somebody whom the form does not help. */
  readonly otherwise: Html
  readonly takesCode: boolean
  /** Where it leads whoever wanted to go nowhere else; /app by default. */
  readonly lands?: string
  readonly schema: Schema
  /** Answers the cookie of the session that began. */
  begin(
    values: z.output<Schema>,
    caller: { readonly address: string; readonly before: string | undefined },
  ): Promise<string>
}

const RULE = '12 characters or more. A few words in a row make a good one.'
const code: Field = {
  name: 'code',
  label: 'Code',
  type: 'code',
  hint: 'What stands behind the # in the link you were given.',
}
const email: Field = { name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username' }
const name: Field = { name: 'name', label: 'Your name', type: 'text', autocomplete: 'name' }
const newPassword: Field = {
  name: 'password',
  label: 'New password',
  type: 'password',
  autocomplete: 'new-password',
  hint: RULE,
}

const signIn = html`Have you an account? <a href="/app/sign-in">Sign in</a>.`

const page = <Schema extends z.ZodType>(made: FormPage<Schema>): FormPage => made

export function formPages(deps: SessionDeps): readonly FormPage[] {
  return [
    page({
      path: '/app/sign-in',
      title: 'Sign in',
      lead: html``,
      fields: [
        email,
        { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
      ],
      submit: 'Sign in',
      otherwise: html`Password forgotten? An admin of your tenant or the operator makes you a link to choose a new one.`,
      takesCode: false,
      schema: POSTED.signIn,
      begin: (values, { address, before }) => deps.signIn({ ...values, address }, before),
    }),
    page({
      path: '/app/first-run',
      title: 'Make the first account',
      lead: html`<p>It administers the deployment and owns the sample tenants. The link to this page is printed when the server starts,
until somebody has used one.</p>`,
      fields: [code, email, name, newPassword],
      submit: 'Make the account',
      otherwise: signIn,
      takesCode: true,
      lands: '/app/start',
      schema: POSTED.firstRun,
      begin: (values, { address, before }) => deps.begin({ ...values, address }, before),
    }),
    page({
      path: '/app/invitation',
      title: 'Accept an invitation',
      lead: html`<p>If you have signed in here before, give the password you have. Otherwise choose one.</p>`,
      fields: [
        code,
        name,
        { ...newPassword, label: 'Password', autocomplete: 'on', hint: `A new one: ${RULE}` },
      ],
      submit: 'Accept',
      otherwise: signIn,
      takesCode: true,
      schema: POSTED.invitation,
      begin: (values, { address, before }) => deps.acceptInvitation({ ...values, address }, before),
    }),
    page({
      path: '/app/reset',
      title: 'Choose a new password',
      lead: html`<p>You will be signed out everywhere else.</p>`,
      fields: [code, newPassword],
      submit: 'Set the password',
      otherwise: signIn,
      takesCode: true,
      schema: POSTED.reset,
      begin: (values, { address, before }) => deps.reset({ ...values, address }, before),
    }),
  ]
}
