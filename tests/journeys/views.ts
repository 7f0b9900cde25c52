// Every view of the page, as an address: what is looked at in each width and colour, and walked with hostile content.
import { expect } from 'vitest'
import type { Operations } from '../../web/src/api/operations.gen.ts'
import { DEPLOYMENT, type Ground, type Place } from './ground.ts'
import type { Visitor } from './visitor.ts'

export interface View {
  readonly name: string
  readonly place: Place
  /** The router's pattern it belongs to. */
  readonly route: string
  readonly path: string
}

export interface Things {
  readonly tenant: string
  readonly documentId: string
  readonly taskId: string
  readonly contextId: string
  /** What is searched for. */
  readonly query: string
}

/** Of a tenant with a document and a task, and of the deployment. */
export function viewsOf({ tenant, documentId, taskId, contextId, query }: Things): readonly View[] {
  const q = encodeURIComponent(query)
  const of =
    (place: Place) =>
    (name: string, route: string, path = route): View => ({ name, place, route, path: `/app${path}` })
  const inTenant = of(tenant)
  const inDeployment = of(DEPLOYMENT)
  return [
    inTenant('home', '/'),
    inTenant('start', '/start'),
    inTenant('search-empty', '/search'),
    inTenant('search', '/search', `/search?q=${q}`),
    inTenant('search-compare', '/search', `/search?q=${q}&view=compare`),
    inTenant('search-nothing', '/search', '/search?q=zxqv&labels=%5B%22none%22%5D'),
    inTenant('search-why', '/search', `/search?q=${q}&why=${documentId}`),
    inTenant('documents', '/documents'),
    inTenant('documents-nothing', '/documents', '/documents?label=none'),
    inTenant('document', '/documents/$documentId', `/documents/${documentId}`),
    inTenant('document-passage', '/documents/$documentId', `/documents/${documentId}?version=1&from=0&to=40`),
    inTenant('document-missing', '/documents/$documentId', `/documents/${UNKNOWN}`),
    inTenant('ask', '/ask'),
    inTenant('ask-answered', '/ask', `/ask?context=${contextId}`),
    inTenant('tasks', '/tasks'),
    inTenant('tasks-none', '/tasks', '/tasks?state=rejected'),
    inTenant('task', '/tasks/$taskId', `/tasks/${taskId}`),
    inTenant('task-events', '/tasks/$taskId', `/tasks/${taskId}?show=events`),
    inTenant('task-missing', '/tasks/$taskId', `/tasks/${UNKNOWN}`),
    inTenant('costs', '/costs'),
    inTenant('costs-labels', '/costs', '/costs?by=label&days=7'),
    inTenant('connect', '/connect'),
    inTenant('connect-curl', '/connect', '/connect?client=curl'),
    inTenant('users', '/users'),
    inTenant('groups', '/users', '/users?view=groups'),
    inTenant('invitations', '/users', '/users?view=invitations'),
    inTenant('keys', '/keys'),
    inTenant('audit', '/audit'),
    inTenant('account', '/account'),
    inTenant('missing', '', '/nonsense'),
    inDeployment('tenants', '/tenants'),
    inDeployment('tiers', '/tenants', '/tenants?view=tiers'),
    inDeployment('accounts', '/accounts'),
    inDeployment('operator-keys', '/keys'),
    inDeployment('signing-keys', '/keys', '/keys?view=signing'),
    inDeployment('system', '/system'),
    inDeployment('isolation', '/isolation'),
    inDeployment('operators-audit', '/audit'),
  ]
}

/** An id of nothing. */
export const UNKNOWN = '01990000-0000-7000-8000-000000000000'

/** Whoever is not signed in sees these. */
export const FORMS = ['/app/sign-in', '/app/first-run', '/app/invitation', '/app/reset']

/** Makes what the views show: a question that was answered, as a task. */
export async function makeThings(it: Ground, who: Visitor, tenant: string): Promise<Things> {
  const query = 'breach notification'
  const { documents } = await it.operate(who, 'list_documents', { limit: 100 })
  const document = documents.find(({ title }) => title.startsWith('GDPR')) ?? documents[0]
  const task = await runTask(it, who, { question: 'When must a breach be notified?', label: 'M-1' })
  return {
    tenant,
    query,
    documentId: document?.document_id ?? '',
    taskId: task.task_id,
    contextId: task.context_id,
  }
}

/** To its end. */
export async function runTask(
  it: Ground,
  who: Visitor,
  input: Operations['start_task']['input'],
): Promise<Operations['get_task']['output']['task']> {
  const { task } = await it.operate(who, 'start_task', input)
  for (;;) {
    const now = await it.operate(who, 'get_task', { task_id: task.task_id })
    if (ENDED.has(now.task.status.state)) return now.task
  }
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'canceled', 'rejected'])

/** Opens a view and waits until nothing on it is still loading. */
export async function open({ page }: Visitor, path: string): Promise<void> {
  await page.goto(path)
  await page.locator('h1').first().waitFor()
  await expect.poll(() => page.getByText(/^Loading /).count()).toBe(0)
}
