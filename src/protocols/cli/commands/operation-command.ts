// What a command is that shows one operation: what a person types, the operation behind it, what is printed.
import type { Operator } from '../operator.ts'

type Options = Readonly<Record<string, unknown>>
type Result = Record<string, unknown>

export interface OperationCommand {
  /** 'token create' */
  readonly path: string
  readonly says: string
  readonly operation: string
  /** Of an operation of a tenant: what the token asks for. The command then takes --tenant and --user. */
  readonly scopes?: readonly string[]
  /** Of a deployment's operation: the one that is asked instead, in that tenant, where --tenant is given. */
  readonly inTenant?: { readonly operation: string; readonly scopes: readonly string[] }
  /** Positional argument in commander's notation, if any. */
  readonly argument?: readonly [string, string]
  readonly options?: readonly (readonly [string, string])[]
  input(options: Options, argument: string | undefined): Record<string, unknown>
  /** The part of the answer to print; the whole of it by default. */
  show?(result: Result): unknown
  /** How people are shown it, line by line; by default as a table or as names and values. */
  lines?(shown: unknown, options: Options): readonly string[]
  /** Waits for what the operation has only ordered, and returns what to print instead. */
  settle?(shown: Result, operator: Operator): Promise<Result>
  /** What to do next, said on standard error. */
  readonly afterwards?: string
  /** Why this asks for --yes: the effect cannot be undone. */
  readonly destroys?: string
  readonly example: string
}
