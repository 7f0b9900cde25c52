// /app: who is signed in, where they act, and how they leave. Everything else is reached over MCP, /api and the command
// line.
import type { SessionView } from '../../../../gate/sign-in/sessions.ts'
import { renderForm, type Form, type FormState } from './form.ts'
import { html, type Html } from './html.ts'
import type { Page } from './layout.ts'

const PASSWORD_FORM: Form = {
  action: '/app/password',
  submit: 'Change the password',
  fields: [
    { name: 'current', label: 'Present password', type: 'password', autocomplete: 'current-password' },
    {
      name: 'password',
      label: 'New password',
      type: 'password',
      autocomplete: 'new-password',
      hint: '12 characters or more. You will be signed out everywhere else.',
    },
  ],
}

export interface AccountPageState extends Partial<Pick<FormState, 'problem'>> {
  readonly notice?: string | undefined
}

export function accountPage(view: SessionView, { problem, notice }: AccountPageState = {}): Page {
  const { account } = view
  const body = html`<h1>${account.name}</h1>
<p class="under">${account.email}</p>
${notice !== undefined && html`<p class="notice" role="status">${notice}</p>`}
<section aria-labelledby="places"><h2 id="places">Where you act</h2>
${places(view)}
<p class="hint">A session acts in one place at a time. Documents are reached over MCP, /api and the command line.</p>
</section>
<section aria-labelledby="password-title"><h2 id="password-title">Password</h2>
<details${problem !== undefined && html` open`}><summary>Change it</summary>
${renderForm(PASSWORD_FORM, { values: {}, problem })}
</details></section>
<section class="leave" aria-label="Sign out">
<form method="post" action="/app/sign-out"><button class="quiet">Sign out</button></form>
<form method="post" action="/app/sign-out"><button class="quiet" name="everywhere" value="true">Sign out everywhere</button></form>
</section>`
  return { title: account.name, body }
}

function places({ account, tenants, current }: SessionView): Html {
  const rows = tenants.map(tenant =>
    place({
      name: tenant.name,
      role: tenant.role,
      field: html`<input type="hidden" name="tenant" value="${tenant.tenant_id}">`,
      isCurrent: current !== null && 'tenant_id' in current && current.tenant_id === tenant.tenant_id,
    }),
  )
  const deployment =
    account.is_operator &&
    place({
      name: 'This deployment',
      role: 'operator',
      field: html`<input type="hidden" name="deployment" value="true">`,
      isCurrent: current !== null && 'deployment' in current,
    })
  if (rows.length === 0 && deployment === false)
    return html`<p>Your account is a user of no tenant. Ask an admin of a tenant for an invitation.</p>`
  return html`<ul class="places">${rows}${deployment}</ul>`
}

interface Place {
  readonly name: string
  readonly role: string
  readonly field: Html
  readonly isCurrent: boolean
}

function place({ name, role, field, isCurrent }: Place): Html {
  return html`<li${isCurrent && html` class="current" aria-current="true"`}><div class="what"><span class="name">${name}</span> <span class="role">${role}</span></div>
${isCurrent && html`<span class="here">you act here</span>`}
${!isCurrent && html`<form method="post" action="/app/switch">${field}<button class="quiet" aria-label="Act in ${name}">Act here</button></form>`}
</li>
`
}
