// `gatehouse serve --stdio`: MCP for a desktop client on standard input and output, as a user of one tenant. It
// attaches to the Gatehouse that runs on this data folder, or opens one for as long as the client stays.
import { PassThrough } from 'node:stream'
import { stdioBridge } from './protocols/mcp/stdio/stdio-bridge.ts'
import { renewedToken } from './protocols/mcp/stdio/renewed-token.ts'
import type { ServeOptions } from './protocols/cli/program.ts'
import { fault } from './platform/faults.ts'
import type { Surroundings } from './gatehouse.ts'
import { openOperator } from './operate.ts'

export async function serveStdio(
  surroundings: Surroundings,
  { tenant, user = 'desktop' }: ServeOptions,
): Promise<void> {
  if (tenant === undefined) {
    throw fault('invalid_input', {
      say: '--stdio needs --tenant <id or slug>: the tenant whose documents the client may see.',
    })
  }
  const operator = await openOperator(surroundings)
  try {
    const accessToken = renewedToken(async () => {
      const { token, expires_at: expiresAt } = await operator.run('create_token', { tenant, user })
      return { token: String(token), expiresAt: Date.parse(String(expiresAt)) / 1000 }
    })
    // A wrong tenant is told now, on standard error, not with the client's first call.
    await accessToken()
    await stdioBridge({ input: standardInput(), output: process.stdout, post: operator.post, accessToken })
  } finally {
    await operator.close()
  }
}

/** Standard input, which a signal ends as orderly as the client's closing of the pipe does. */
function standardInput(): PassThrough {
  const input = process.stdin.pipe(new PassThrough())
  const end = (): void => {
    process.stdin.unpipe(input).destroy()
    input.end()
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  return input
}
