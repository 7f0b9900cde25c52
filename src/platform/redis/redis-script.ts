// A Lua script that runs inside Redis in one step. It travels once; afterwards it is called by its digest.
import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

export interface RedisScript {
  readonly text: string
  readonly digest: string
}

export function redisScript(text: string): RedisScript {
  return { text, digest: createHash('sha1').update(text).digest('hex') }
}

/** Runs it; a server that does not know it (first time, restarted, flushed) is given its text in a second exchange. */
export async function runScript(
  client: Redis,
  { text, digest }: RedisScript,
  keys: readonly string[],
  values: readonly (string | number)[],
): Promise<unknown> {
  const told = [...keys, ...values]
  try {
    return await client.evalsha(digest, keys.length, ...told)
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    return client.eval(text, keys.length, ...told)
  }
}
