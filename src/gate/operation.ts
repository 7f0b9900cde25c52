// An operation is one thing a caller can ask. Its file says everything about it; MCP tools, the socket and
// the CLI are views of the catalog of these.
import type { z } from 'zod'
import type { ReadCall, SystemCall, WriteCall } from './call.ts'
import type { Follow } from './streams/follow.ts'

type Schema = z.ZodObject

interface AnyOperation<In extends Schema, Out extends Schema> {
  /** snake_case; the file's name in kebab-case. */
  readonly name: string
  readonly title: string
  /** One or two sentences, written for a model that decides whether to call it. */
  readonly description: string
  /** A strict object: unknown arguments are refused by name. No transforms (the wire schema is generated from it). */
  readonly input: In
  readonly output: Out
  /** Weight of one call against the caller's per-operation limit; 1 by default. */
  readonly weight?: number
  /**
   * It is not among the requests a minute of a tier: it goes on with what an earlier request began, or shows a tenant that
   * its tier slows down how it stands and what can be done.
   */
  readonly uncounted?: true
  /** It may wait for something to happen; its caller asks on: a server that stops ends it at once. */
  readonly waits?: true
  /** False for what people's programs ask and agents do not: it is not listed as an MCP tool. */
  readonly tool?: false
}

export interface ReadOperation<In extends Schema = Schema, Out extends Schema = Schema>
  extends AnyOperation<In, Out> {
  readonly realm: 'tenant'
  readonly access: 'read'
  readonly scope: string
  /** It can be followed as a stream of its answers, and how. */
  readonly follow?: Follow
  run(input: z.output<In>, call: ReadCall): Promise<z.input<Out>>
}

export interface WriteOperation<In extends Schema = Schema, Out extends Schema = Schema>
  extends AnyOperation<In, Out> {
  readonly realm: 'tenant'
  readonly access: 'write'
  readonly scope: string
  /** Annotation for tools: the effect cannot be undone. */
  readonly destructive?: boolean
  run(input: z.output<In>, call: WriteCall): Promise<z.input<Out>>
}

export interface DeploymentOperation<In extends Schema = Schema, Out extends Schema = Schema>
  extends AnyOperation<In, Out> {
  readonly realm: 'deployment'
  readonly access: 'read' | 'write'
  run(input: z.output<In>, call: SystemCall): Promise<z.input<Out>>
}

export type TenantOperation = ReadOperation | WriteOperation
export type Operation = TenantOperation | DeploymentOperation

/** Declares an operation; the realm and access decide which call its `run` gets. */
export function defineOperation<In extends Schema, Out extends Schema>(
  operation: ReadOperation<In, Out>,
): ReadOperation<In, Out>
export function defineOperation<In extends Schema, Out extends Schema>(
  operation: WriteOperation<In, Out>,
): WriteOperation<In, Out>
export function defineOperation<In extends Schema, Out extends Schema>(
  operation: DeploymentOperation<In, Out>,
): DeploymentOperation<In, Out>
export function defineOperation(operation: Operation): Operation {
  return operation
}
