// What the methods of A2A have in common. Each reads its own parameters and answers in the SDK's types, whichever
// binding and version they came by.
import type { StreamResponse } from '@a2a-js/sdk'
import type { TaskOperations } from '../task-operations.ts'

export interface MethodDeps {
  readonly operations: TaskOperations
  /** Of the event log extension. */
  readonly uri: string
}

/** An event of a stream, by its number in the task's log. */
export interface Numbered {
  readonly sequence: number
  /** Nothing follows it: the task has ended or waits for somebody. */
  readonly isLast: boolean
}

export interface NumberedResponse extends Numbered {
  readonly response: StreamResponse
}
