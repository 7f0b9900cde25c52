// Forms as data: their fields, and how they look with what was typed and what was wrong with it. Passwords are never
// written back into a page.
import type { Fault } from '../../../../platform/faults.ts'
import { html, type Html } from './html.ts'

export interface Field {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'email' | 'password' | 'code' | 'hidden'
  readonly autocomplete?: string
  readonly hint?: string
}

export interface Form {
  readonly action: string
  readonly fields: readonly Field[]
  readonly submit: string
}

export interface FormState {
  readonly values: Readonly<Record<string, string>>
  readonly problem?: Fault | undefined
}

export function renderForm(form: Form, { values, problem }: FormState): Html {
  const issues = problem?.issues ?? []
  const told = issues.filter(({ field }) =>
    form.fields.some(({ name, type }) => name === field && isSeen(type, values[name])),
  )
  // What belongs to no field that is seen is said above them all.
  const above = problem !== undefined && told.length === 0 ? problem.say : undefined
  const parts = form.fields.map(field =>
    renderField(field, values[field.name] ?? '', told.find(issue => issue.field === field.name)?.message),
  )
  return html`<form method="post" action="${form.action}" novalidate>
${above !== undefined && html`<p class="problem" role="alert">${above}</p>`}
${parts}
<button type="submit">${form.submit}</button>
</form>`
}

function isSeen(type: Field['type'], value: string | undefined): boolean {
  return type !== 'hidden' && !(type === 'code' && (value ?? '') !== '')
}

function renderField(field: Field, value: string, problem: string | undefined): Html {
  const { name, label, type, hint } = field
  // A code that has arrived needs no look at it.
  if (!isSeen(type, value)) return html`<input type="hidden" name="${name}" value="${value}">`
  const about = problem ?? hint
  return html`<div class="field"${type === 'code' && html` data-code`}>
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type === 'code' ? 'text' : type}" value="${type === 'password' ? '' : value}"
 autocomplete="${field.autocomplete ?? 'off'}" required${type !== 'text' && html` spellcheck="false" autocapitalize="none"`}${
   about !== undefined && html` aria-describedby="${name}-about"`
 }${problem !== undefined && html` aria-invalid="true"`}>
${about !== undefined && html`<p class="${problem === undefined ? 'hint' : 'wrong'}" id="${name}-about">${sentence(about)}</p>`}
</div>
`
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}
