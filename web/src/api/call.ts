// Calls an operation: its name and input as the server's catalog has them, typed by the file generated from it.
import type { Operations } from './operations.gen.ts'
import { send } from './send.ts'

export type OperationName = keyof Operations
export type Input<Name extends OperationName> = Operations[Name]['input']
export type Output<Name extends OperationName> = Operations[Name]['output']

/** Throws ApiProblem; an aborted signal throws its reason. */
export async function call<Name extends OperationName>(
  name: Name,
  input: Input<Name>,
  signal?: AbortSignal,
): Promise<Output<Name>> {
  const answer = await send(`/api/${name}`, { method: 'POST', body: input, signal })
  return (await answer.json()) as Output<Name>
}
