// What the package exports as gatehouse-server/client: its one face, for programs that talk to a Gatehouse. Nothing here
// knows the server's code.
import type { FacadeUpdate } from './a2a/facade-events.ts'
import type { SnapshotUpdate, TaskUpdate } from './a2a/wire-task.ts'
import { a2aClient, type A2aClient, type A2aClientOptions, type SendOptions } from './a2a-client.ts'
import { sseParser, type ServerSentEvent } from './events/sse-parser.ts'
import { GatehouseError, type GatehouseErrorCode } from './gatehouse-error.ts'
import { mcpClient, type McpClient, type SearchHit, type SearchResult } from './mcp-client.ts'
import type { ClientOptions, TokenSource } from './sending.ts'
import { foldTask } from './task/fold-task.ts'
import { hasEnded, isWaiting, type Task, type TaskEvent, type TaskSnapshot } from './task/task-shape.ts'
import { artifactText, unbegun, viewOf, type DeclaredStep, type TaskView } from './task/task-view.ts'

export {
  a2aClient,
  artifactText,
  foldTask,
  GatehouseError,
  hasEnded,
  isWaiting,
  mcpClient,
  sseParser,
  unbegun,
  viewOf,
}
export type {
  A2aClient,
  A2aClientOptions,
  ClientOptions,
  DeclaredStep,
  FacadeUpdate,
  GatehouseErrorCode,
  McpClient,
  SearchHit,
  SearchResult,
  SendOptions,
  ServerSentEvent,
  SnapshotUpdate,
  Task,
  TaskEvent,
  TaskSnapshot,
  TaskUpdate,
  TaskView,
  TokenSource,
}
