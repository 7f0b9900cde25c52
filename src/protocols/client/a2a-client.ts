// Tasks of a Gatehouse over A2A 1.0: send, follow, look, cancel. What is followed goes on by itself after a cut.
import type { FacadeUpdate } from './a2a/facade-events.ts'
import { rpcOver, type Asking } from './a2a/rpc.ts'
import { taskStreams } from './a2a/task-streams.ts'
import { EVENT_LOG_PATH, STATE_PREFIX, taskOf, type TaskUpdate } from './a2a/wire-task.ts'
import type { Patience } from './events/resume-stream.ts'
import { GatehouseError, membersOf } from './gatehouse-error.ts'
import { jsonOf, refusedBy, sender, unanswered, type ClientOptions, type Send } from './sending.ts'
import type { Json, TaskSnapshot, TaskState } from './task/task-shape.ts'

export interface A2aClientOptions extends ClientOptions {
  /** Of streams, after a cut. */
  readonly patience?: Patience
}

interface Signalled {
  readonly signal?: AbortSignal
}

export interface SendOptions extends Signalled {
  /** The workflow; the server's default when left out. Not with `taskId`. */
  readonly skill?: string
  /** A follow-up, or the answer to what the task asks. */
  readonly taskId?: string
  readonly contextId?: string
  /** Sent twice with the same content it is one message; made here when left out. */
  readonly messageId?: string
  /** More members of the workflow's input, beside the text. */
  readonly data?: Readonly<Record<string, Json>>
  readonly metadata?: Readonly<Record<string, Json>>
}

export interface ListOptions extends Signalled {
  readonly contextId?: string
  readonly state?: TaskState
  readonly pageSize?: number
  readonly pageToken?: string
  readonly artifacts?: boolean
}

export interface FollowOptions extends Signalled {
  /** The last event that was seen: what came after it is given. Left out, a snapshot comes first. */
  readonly after?: number
}

export interface A2aClient {
  /** The agent card, of version 1.0. */
  card(options?: Signalled): Promise<Readonly<Record<string, unknown>>>
  /** The task, once it is at rest; with `blocking: false` as soon as it exists. */
  send(text: string, options?: SendOptions & { readonly blocking?: boolean }): Promise<TaskSnapshot>
  /** Sends and follows: a snapshot, then each event once and in order, until the task is at rest. */
  stream(text: string, options?: SendOptions): AsyncGenerator<TaskUpdate>
  subscribe(taskId: string, options?: FollowOptions): AsyncGenerator<TaskUpdate>
  get(taskId: string, options?: Signalled & { readonly historyLength?: number }): Promise<TaskSnapshot>
  /** Newest first. `nextPageToken` is '' at the end. */
  list(options?: ListOptions): Promise<{ readonly tasks: TaskSnapshot[]; readonly nextPageToken: string }>
  cancel(taskId: string, options?: Signalled): Promise<TaskSnapshot>
  /** /tasks/{id}/events, from the beginning: what a person would want to read of each. */
  streamTaskEvents(taskId: string, options?: FollowOptions): AsyncGenerator<FacadeUpdate>
}

export function a2aClient(options: A2aClientOptions): A2aClient {
  const { send, root, canRenew } = sender(options)
  const rpc = rpcOver(send)
  const card: A2aClient['card'] = ({ signal } = {}) => cardOf(send, signal)
  const extension = once(async () => announced(await card()) ?? root + EVENT_LOG_PATH)
  const ask: Ask = async asking => rpc.ask({ ...asking, extension: await extension() })
  const get: A2aClient['get'] = async (taskId, { historyLength, signal } = {}) => {
    const params = { id: taskId, ...(historyLength === undefined ? {} : { historyLength }) }
    return taskOf(await ask({ method: 'GetTask', params, signal }))
  }
  // On a connection that has died unheard an answer would be waited for for ever.
  const glance = (taskId: string) =>
    get(taskId, { historyLength: 0, signal: AbortSignal.timeout(GLANCE_MS) }).catch((error: unknown) => {
      throw unanswered(error instanceof GatehouseError && error.code === 'cancelled' ? undefined : error)
    })
  const streams = taskStreams({
    send,
    canRenew,
    patience: options.patience,
    async *results(asking) {
      yield* rpc.stream({ ...asking, extension: await extension() })
    },
    newestOf: async taskId => (await persistently(() => glance(taskId))).last_sequence,
  })
  return {
    card,
    get,
    subscribe: streams.subscribe,
    streamTaskEvents: streams.streamTaskEvents,
    stream: (text, { signal, ...message } = {}) => streams.begin(messageOf(text, message), signal),
    async send(text, { blocking = true, signal, ...message } = {}) {
      const params = { ...messageOf(text, message), configuration: { returnImmediately: !blocking } }
      const { task } = await persistently(() => ask({ method: 'SendMessage', params, signal }))
      return taskOf(membersOf(task))
    },
    list: listOptions => listTasks(ask, listOptions),
    async cancel(taskId, { signal } = {}) {
      return taskOf(await ask({ method: 'CancelTask', params: { id: taskId }, signal }))
    },
  }
}

const GLANCE_MS = 3_000
/** Tries in all, where the network fails. */
const TRIES = 4

/** What may be asked again: looking changes nothing, and a message has an id: the same one is the same task. */
async function persistently<T>(fn: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await fn()
    } catch (error) {
      const isNetwork = error instanceof GatehouseError && error.reason === 'no_server'
      if (!isNetwork || tries >= TRIES) throw error
    }
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS * 2 ** tries))
  }
}

const PAUSE_MS = 100

type Ask = (asking: Omit<Asking, 'extension'>) => Promise<Readonly<Record<string, unknown>>>

async function cardOf(send: Send, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
  const headers = { 'a2a-version': '1.0', accept: 'application/json' }
  const answer = await send({ path: '/.well-known/agent-card.json', headers, signal })
  const body = await jsonOf(answer, signal)
  if (!answer.ok || body === undefined) throw refusedBy(answer, body)
  return membersOf(body)
}

async function listTasks(ask: Ask, { state, artifacts, signal, ...page }: ListOptions = {}) {
  const params = {
    ...page,
    ...(state === undefined ? {} : { status: STATE_PREFIX + state.toUpperCase() }),
    ...(artifacts === undefined ? {} : { includeArtifacts: artifacts }),
  }
  const { tasks, nextPageToken } = await ask({ method: 'ListTasks', params, signal })
  if (!Array.isArray(tasks)) throw new GatehouseError('internal', 'The server sent no list of tasks.')
  return {
    tasks: tasks.map(task => taskOf(membersOf(task))),
    nextPageToken: typeof nextPageToken === 'string' ? nextPageToken : '',
  }
}

/** What `fn` gave, from then on; a failure is no answer. */
function once<T>(fn: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined
  return () => {
    asked ??= fn().catch((error: unknown) => {
      asked = undefined
      throw error
    })
    return asked
  }
}

function messageOf(text: string, options: Omit<SendOptions, 'signal'>): Record<string, unknown> {
  const { skill, taskId, contextId, messageId = crypto.randomUUID(), data, metadata = {} } = options
  const about = { ...metadata, ...(skill === undefined ? {} : { skill }) }
  return {
    message: {
      messageId,
      role: 'ROLE_USER',
      parts: [{ text }, ...(data === undefined ? [] : [{ data }])],
      ...(taskId === undefined ? {} : { taskId }),
      ...(contextId === undefined ? {} : { contextId }),
      ...(Object.keys(about).length === 0 ? {} : { metadata: about }),
    },
  }
}

/** The extension's URI as the card has it: the public URL may be another than the one that is asked. */
function announced(card: Readonly<Record<string, unknown>>): string | undefined {
  const { extensions } = membersOf(card['capabilities'])
  const list: unknown[] = Array.isArray(extensions) ? extensions : []
  return list
    .map(one => membersOf(one)['uri'])
    .find((uri): uri is string => typeof uri === 'string' && uri.endsWith(EVENT_LOG_PATH))
}
