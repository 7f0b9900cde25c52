// What a test of a connection tells: step by step, how long each took and what came back.

export interface Step {
  readonly name: string
  readonly state: 'running' | 'done' | 'failed'
  readonly ms?: number
  /** What came back, in words. */
  readonly result?: string
}

/** Does one step; throws a sentence when it fails. */
export type Does = (name: string, work: () => Promise<string>) => Promise<void>

/** A connection is tried with the token alone: the cookie of this page is left at home. */
export interface Wire {
  readonly token: string
  readonly signal: AbortSignal
}

/** Runs the steps one after the other; the first that fails ends it. */
export async function runSteps(
  plan: (does: Does) => Promise<void>,
  tell: (steps: readonly Step[]) => void,
): Promise<void> {
  const steps: Step[] = []
  const does: Does = async (name, work) => {
    const began = performance.now()
    const place = steps.push({ name, state: 'running' }) - 1
    tell([...steps])
    const end = (state: Step['state'], result: string) => {
      steps[place] = { name, state, result, ms: performance.now() - began }
      tell([...steps])
    }
    try {
      end('done', await work())
    } catch (error) {
      end('failed', error instanceof Error ? error.message : String(error))
      throw error
    }
  }
  // What failed is told by its step, and the steps after it are not tried.
  await plan(does).catch(() => undefined)
}

export interface Asked {
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A request with the token and nothing of the session. Throws what the server says when it refuses. */
export async function ask({ token, signal }: Wire, { path, body, headers = {} }: Asked): Promise<unknown> {
  const answer = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    credentials: 'omit',
    redirect: 'error',
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
  })
  const text = await answer.text()
  const parsed = parsedOf(text)
  const said = text === '' ? {} : recordOf(parsed)
  if (!answer.ok) throw new Error(sentenceOf(said) ?? `The server answered ${answer.status}.`)
  return said
}

/** JSON, or JSON in the last server-sent event. */
export function parsedOf(text: string): unknown {
  const events = text.split('\n').filter(line => line.startsWith('data:'))
  const last = events.at(-1)?.slice('data:'.length)
  try {
    return JSON.parse(last ?? text) as unknown
  } catch {
    return undefined
  }
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

/** Of a problem document, or of the error of JSON-RPC. */
export function sentenceOf(said: Readonly<Record<string, unknown>>): string | undefined {
  const inner = recordOf(said['error'])
  const words = said['detail'] ?? inner['message'] ?? said['error_description']
  return typeof words === 'string' ? words : undefined
}
