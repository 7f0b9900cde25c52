// A tenant that searches over MCP, on connections that stay open.
import { keepAliveClient } from '../search/wire/keep-alive-client.ts'
import { searchHeaders, searchMessage } from './mcp-search.ts'

export interface Asker {
  /** One search; answers whether it was answered, and not refused with 429. Any other failure is thrown. */
  search(): Promise<boolean>
  close(): void
}

export interface AskerOptions {
  readonly port: number
  readonly token: string
  readonly questions: readonly string[]
  readonly connections: number
  readonly from?: string
}

export async function asker({ token, questions, ...connecting }: AskerOptions): Promise<Asker> {
  const client = await keepAliveClient({ ...connecting, path: '/mcp', headers: searchHeaders(token) })
  let asked = 0
  return {
    async search() {
      const at = asked++
      const question = questions[at % questions.length] ?? ''
      try {
        const answer = await client.post(searchMessage(question, Math.floor(at / questions.length)))
        if (answer.includes('"isError":true')) throw new Error(`a search failed: ${answer.slice(0, 300)}`)
        return true
      } catch (error) {
        if (!String(error).startsWith('Error: the server answered 429')) throw error
        return false
      }
    },
    close: client.close,
  }
}
