// As little of an A2A client (1.0, HTTP+JSON) as the load needs, since it runs on the machine it measures.
import { randomUUID } from 'node:crypto'
import { Agent, request, type IncomingMessage } from 'node:http'
import { readUpdates, type Update } from './update-stream.ts'

export interface Message {
  readonly workflow: string
  readonly text: string
  /** What else the workflow takes. */
  readonly data?: Readonly<Record<string, unknown>>
}

export interface Stream {
  /** Resolves when the server has ended it. */
  readonly over: Promise<void>
  close(): void
}

export interface A2aClient {
  /** The task's id, when it is accepted. */
  send(message: Message): Promise<string>
  /** Answers a task that waits. */
  answer(taskId: string, text: string): Promise<void>
  /** Sends, and follows what it becomes until `onUpdate` has had the last update. */
  sendAndFollow(message: Message, onUpdate: (update: Update) => void): Promise<void>
  /** Resolves when the task, as it stands, has arrived. */
  follow(taskId: string, onUpdate: (update: Update) => void): Promise<Stream>
  close(): void
}

export function a2aClient(port: number, token: string): A2aClient {
  const agent = new Agent({ keepAlive: true })
  const ask = asker({ port, token, agent })
  const post = (message: object) =>
    ask('POST', '/message:send', { message, configuration: { returnImmediately: true } })
  return {
    async send(message) {
      const { task } = JSON.parse(await textOf(await post(wireMessage(message)))) as { task: { id: string } }
      return task.id
    },
    async answer(taskId, text) {
      await textOf(await post({ messageId: randomUUID(), role: 'ROLE_USER', taskId, parts: [{ text }] }))
    },
    async sendAndFollow(message, onUpdate) {
      await readUpdates(await ask('POST', '/message:stream', { message: wireMessage(message) }), onUpdate)
    },
    async follow(taskId, onUpdate) {
      const response = await ask('GET', `/tasks/${taskId}:subscribe`)
      const begun = Promise.withResolvers<void>()
      const over = readUpdates(response, update => {
        begun.resolve()
        onUpdate(update)
      })
      over.then(() => begun.reject(new Error('a stream without a beginning')), begun.reject)
      await begun.promise
      return { over, close: () => void response.destroy() }
    },
    close: () => agent.destroy(),
  }
}

interface Connecting {
  readonly port: number
  readonly token: string
  readonly agent: Agent
}

/** Throws for any status but 200. */
function asker({ port, token, agent }: Connecting) {
  return async (method: string, path: string, body?: object): Promise<IncomingMessage> => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const ofBody =
      text === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const headers = { authorization: `Bearer ${token}`, ...ofBody }
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const address = { host: '127.0.0.1', port, path: `/a2a/rest${path}` }
      request({ ...address, agent, method, headers }, resolve)
        .once('error', reject)
        .end(text)
    })
    if (response.statusCode === 200) return response
    throw new Error(`${path}: ${String(response.statusCode)} ${await textOf(response)}`)
  }
}

function wireMessage({ workflow, text, data }: Message): object {
  return {
    messageId: randomUUID(),
    role: 'ROLE_USER',
    parts: [{ text }, ...(data === undefined ? [] : [{ data }])],
    metadata: { skill: workflow },
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  for await (const piece of response) text += String(piece)
  return text
}
