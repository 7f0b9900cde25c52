// Many calls of `ask` at once to one or several server processes, and what became of each.

/** A model whose output alone costs: a call holds 1,024 tokens of it at most, 1,000 nano-USD each. */
export const RACE_PRICE = { input: '0', output: '1000000000' } as const
/** What every answer uses: all that it may. */
export const RACE_USAGE = { prompt_tokens: 10, completion_tokens: 1_024 } as const
const COST = 1_024_000n
const HELD = COST + 6n

/** A limit that exactly so many calls fit into, in whatever order they are admitted and settled. */
export const limitFor = (calls: bigint): bigint => calls * HELD
export const costOf = (calls: bigint): bigint => calls * COST

export interface RaceOutcome {
  /** By how it ended: 'admitted', or the reason of the refusal. */
  readonly ended: Readonly<Record<string, number>>
  readonly ms: number
}

export interface Racers {
  /** Of the processes, without a path; call n goes to one after the other. */
  readonly urls: readonly string[]
  readonly token: string
  readonly calls: number
}

/** Answers when all calls have. */
export async function raceToAsk({ urls, token, calls }: Racers): Promise<RaceOutcome> {
  const began = performance.now()
  const ends = await Promise.all(
    Array.from({ length: calls }, (_, n) =>
      endOf(urls[n % urls.length] ?? '', token).catch((error: unknown) => String(error)),
    ),
  )
  const ms = performance.now() - began
  const names = [...new Set(ends)].toSorted()
  return { ms, ended: Object.fromEntries(names.map(name => [name, ends.filter(end => end === name).length])) }
}

async function endOf(url: string, token: string): Promise<string> {
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'ask', arguments: { question: 'Where do boats wait?' } },
    }),
  })
  const text = await response.text()
  if (response.status !== 200) return `HTTP ${response.status}`
  const { result } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text) as Message
  if (result === undefined) return text
  if (result.isError !== true) return 'admitted'
  const { error } = JSON.parse(result.content?.[0]?.text ?? '{}') as { error?: Record<string, unknown> }
  return String(error?.['reason'] ?? error?.['code'])
}

interface Message {
  readonly result?: { readonly isError?: boolean; readonly content?: readonly { readonly text: string }[] }
}
