// The updates of an A2A stream, with the time at which each arrived.
import type { IncomingMessage } from 'node:http'

export interface Update {
  /** The A2A name, such as TASK_STATE_WORKING. */
  readonly state: string | undefined
  /** By the database's clock, in milliseconds since 1970; of an event alone, to the millisecond. */
  readonly at: number | undefined
  /** By this process's clock, in the same unit. */
  readonly arrived: number
  readonly taskId: string | undefined
}

interface WireStatus {
  readonly state: string
  readonly timestamp?: string
}
interface Wire {
  readonly task?: { readonly id: string; readonly status: WireStatus }
  readonly statusUpdate?: { readonly taskId: string; readonly status: WireStatus }
}

/** Resolves when the stream is over. */
export function readUpdates(response: IncomingMessage, onUpdate: (update: Update) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let rest = ''
  response.setEncoding('utf8')
  response.on('data', (piece: string) => {
    const arrived = performance.timeOrigin + performance.now()
    const events = (rest + piece).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1]
      if (data !== undefined) onUpdate(updateOf(JSON.parse(data) as Wire, arrived))
    }
  })
  response.once('end', resolve)
  response.once('error', reject)
  response.once('close', resolve)
  return promise
}

function updateOf({ task, statusUpdate }: Wire, arrived: number): Update {
  const { state } = task?.status ?? statusUpdate?.status ?? {}
  const at = statusUpdate?.status.timestamp
  return {
    state,
    at: at === undefined ? undefined : Date.parse(at),
    arrived,
    taskId: task?.id ?? statusUpdate?.taskId,
  }
}
