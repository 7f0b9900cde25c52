// Calls of /api against a whole Gatehouse, with whatever credential, and answers that can be compared byte by byte.
import type { TestGatehouse } from './gatehouse.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The body without what differs in every answer (request id). */
  readonly text: string
  readonly body: Record<string, unknown>
}

/** `method path` with an Authorization header, or with none. */
export async function askRoute(
  url: string,
  { method, path }: { readonly method: string; readonly path: string },
  authorization?: string,
  body?: unknown,
): Promise<Answer> {
  const isPost = method === 'POST'
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      accept: 'application/json, text/event-stream',
      ...(isPost ? { 'content-type': 'application/json' } : {}),
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(isPost ? { body: JSON.stringify(body ?? {}) } : {}),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text: text.replaceAll(/("(?:request|trace)_id":")[^"]*/g, '$1…'),
    body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
  }
}

export const askApi = (url: string, operation: string, token: string, input: unknown): Promise<Answer> =>
  askRoute(url, { method: 'POST', path: `/api/${operation}` }, `Bearer ${token}`, input)

/** A token for /api, as the operator signs it. */
export async function apiToken(
  { gatehouse }: Pick<TestGatehouse, 'gatehouse'>,
  tenant: string,
  scopes: readonly string[],
  more: Record<string, unknown> = {},
): Promise<string> {
  const answer = await gatehouse.operate('create_token', {
    tenant,
    user: 'tester',
    scopes,
    audience: 'api',
    ...more,
  })
  return String(answer['token'])
}
