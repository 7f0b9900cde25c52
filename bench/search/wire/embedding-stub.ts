// A TEI server in this process that knows the vectors of the planned questions, already written out: embedding costs the
// search a request on loopback and the reading of its answer, as with any model nearby, and no model's time.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { vectorText } from '../../../src/platform/models/embedder.ts'
import type { Question } from '../measure/questions.ts'

export interface EmbeddingStub {
  readonly url: string
  /** What it is asked for from now on. The words of a question may come in any order. */
  plan(questions: readonly Question[]): void
  close(): void
}

export async function embeddingStub(): Promise<EmbeddingStub> {
  let vectors = new Map<string, string>()
  const server = createServer((request, response) => {
    void bodyOf(request).then(body => {
      const { inputs } = JSON.parse(body) as { inputs: string[] }
      const found = inputs.map(text => vectors.get(keyOf(text)))
      const missing = found.includes(undefined)
      response.writeHead(missing ? 422 : 200, { 'content-type': 'application/json' })
      response.end(missing ? '{"error":"not planned"}' : `[${found.join(',')}]`)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan: questions =>
      void (vectors = new Map(questions.map(({ text, vector }) => [keyOf(text), vectorText(vector)]))),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function keyOf(text: string): string {
  return text.split(' ').sort().join(' ')
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const piece of request.setEncoding('utf8')) body += String(piece)
  return body
}
