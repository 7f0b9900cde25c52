// A server on loopback that speaks OpenAI's chat completions (streamed, with usage) and embeddings, by a script: what it
// answers, how many tokens it reports, when it hangs, breaks off or refuses.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** As OpenAI reports it. Undefined: it does not. */
export interface ReportedUsage {
  readonly prompt_tokens?: unknown
  readonly completion_tokens?: unknown
  readonly prompt_tokens_details?: { readonly cached_tokens: unknown }
  readonly completion_tokens_details?: { readonly reasoning_tokens: unknown }
}

export interface Script {
  /** Tools it asks for before it answers, by their name and input (as it writes it: JSON, or what it takes for it). */
  readonly tools?: readonly (readonly [name: string, input: string])[]
  /** The pieces of the answer; `hang` waits until the caller leaves, `break` closes the connection. */
  readonly says?: readonly (string | typeof HANG | typeof BREAK)[]
  readonly usage?: ReportedUsage
  /** It answers when this has come about. */
  readonly waits?: Promise<unknown>
  /** Answers with that status instead. */
  readonly refuses?: number
  readonly retryAfter?: string
  /** Why the answer ends: 'stop', 'length' … */
  readonly finish?: string
}

export const HANG = Symbol('hang')
export const BREAK = Symbol('break')

export interface Asked {
  readonly path: string | undefined
  readonly authorization: string | undefined
  readonly body: {
    readonly model: string
    readonly max_tokens?: number
    readonly messages?: readonly { readonly role: string; readonly content: unknown }[]
    readonly input?: readonly string[]
  }
}

export interface ScriptedModel {
  /** For OPENAI_BASE_URL. */
  readonly url: string
  /** What arrived. */
  readonly asked: readonly Asked[]
  /** Requests whose caller left before the answer's end. */
  readonly left: () => number
  close(): Promise<void>
}

/** `script` is asked for each request. Vectors are of eight numbers, made of the text. */
export async function openScriptedModel(
  script: (asked: Asked) => Script,
  { port = 0 }: { readonly port?: number } = {},
): Promise<ScriptedModel> {
  const asked: Asked[] = []
  let left = 0
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { authorization } = request.headers
    const one: Asked = { path: request.url, authorization, body: (await json(request)) as Asked['body'] }
    asked.push(one)
    response.on('close', () => {
      if (!response.writableFinished) left++
    })
    const { refuses, retryAfter, waits, ...says } = script(one)
    await waits
    if (refuses !== undefined) {
      response.writeHead(refuses, retryAfter === undefined ? {} : { 'retry-after': retryAfter })
      response.end(JSON.stringify({ error: { message: 'refused' } }))
    } else if (one.path?.endsWith('/embeddings') === true) embed(one, says, response)
    else chat(says, response)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    left: () => left,
    close: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

function chat(
  { says = ['Hello.'], tools = [], usage, finish = 'stop' }: Script,
  response: ServerResponse,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (more: object): void =>
    void response.write(
      `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', ...more })}\n\n`,
    )
  for (const [index, [name, input]] of tools.entries()) {
    const call = { index, id: `call-${index}`, type: 'function', function: { name, arguments: input } }
    send({ choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: null }] })
  }
  for (const piece of says) {
    if (piece === HANG) return
    if (piece === BREAK) return void setImmediate(() => response.destroy())
    send({ choices: [{ index: 0, delta: { content: piece }, finish_reason: null }] })
  }
  send({ choices: [{ index: 0, delta: {}, finish_reason: finish }] })
  if (usage !== undefined) send({ choices: [], usage })
  response.end('data: [DONE]\n\n')
}

function embed({ body: { input = [] } }: Asked, { usage }: Script, response: ServerResponse): void {
  const data = input.map((text, index) => ({ index, embedding: vectorOf(text) }))
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ data, ...(usage === undefined ? {} : { usage }) }))
}

function vectorOf(text: string): number[] {
  const vector = [1, 0, 0, 0, 0, 0, 0, 0]
  for (const letter of text.toLowerCase()) {
    const at = (letter.codePointAt(0) ?? 0) % vector.length
    vector[at] = (vector[at] ?? 0) + 1
  }
  return vector
}
