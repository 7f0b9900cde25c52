// /api over the wire: one operation, one POST.
import type { RawAnswer } from '../../../platform/outbound/probe/raw-request.ts'
import type { Json } from './mcp.ts'
import type { Wire } from './wire.ts'

export interface ApiAnswer extends RawAnswer {
  readonly output: Json
  /** The status and the body without the ids of the request and its trace. */
  readonly compared: string
}

export type Api = (operation: string, input: unknown, token: string | undefined) => Promise<ApiAnswer>

export function apiOver(wire: Wire): Api {
  return async (operation, input, token) => {
    const answer = await wire.send({
      method: 'POST',
      path: `/api/${operation}`,
      token,
      body: JSON.stringify(input),
    })
    const compared = `${answer.status} ${answer.body.replaceAll(/("(?:request|trace)_id":")[^"]+/g, '$1…')}`
    return { ...answer, output: parsed(answer.body), compared }
  }
}

function parsed(text: string): Json {
  try {
    return Object(JSON.parse(text)) as Json
  } catch {
    return {}
  }
}
