// Operations for components: what is read is kept and shared by its input, what changes something is a mutation.
import {
  queryOptions,
  useMutation,
  type UseMutationResult,
  useQueryClient,
  type QueryKey,
} from '@tanstack/react-query'
import { call, type Input, type OperationName, type Output } from './call.ts'
import type { ApiProblem } from './problem.ts'

/** For useQuery, useSuspenseQuery and loaders: `useQuery(operationQuery('get_task', { task_id }))`. */
export function operationQuery<Name extends OperationName>(name: Name, input: Input<Name>) {
  return queryOptions<Output<Name>, ApiProblem>({
    queryKey: [name, input] as QueryKey,
    queryFn: ({ signal }) => call(name, input, signal),
  })
}

/** A change; what it makes out of date is named by `stale`: every kept answer of those operations is asked for anew. */
export function useChange<Name extends OperationName>(
  name: Name,
  stale: readonly OperationName[] = [],
): UseMutationResult<Output<Name>, ApiProblem, Input<Name>> {
  const client = useQueryClient()
  return useMutation<Output<Name>, ApiProblem, Input<Name>>({
    mutationFn: input => call(name, input),
    onSuccess: () => Promise.all(stale.map(operation => client.invalidateQueries({ queryKey: [operation] }))),
  })
}
