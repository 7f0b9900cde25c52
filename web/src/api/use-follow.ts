// A followed operation for components: begins with them, ends with them.
import { useEffect, useEffectEvent, useState } from 'react'
import type { Input, OperationName, Output } from './call.ts'
import { follow, type Connection } from './follow.ts'

/**
 * Hands over each output in order and answers how the connection stands. A new input begins anew; undefined follows
 * nothing.
 */
export function useFollow<Name extends OperationName>(
  name: Name,
  input: Input<Name> | undefined,
  onOutput: (output: Output<Name>) => void,
): Connection {
  const [connection, setConnection] = useState<Connection>({ state: 'connecting' })
  const told = useEffectEvent(onOutput)
  const key = input === undefined ? undefined : JSON.stringify(input)
  useEffect(() => {
    if (key === undefined) return undefined
    const controller = new AbortController()
    void follow(name, JSON.parse(key) as Input<Name>, {
      signal: controller.signal,
      onOutput: output => {
        if (!controller.signal.aborted) told(output)
      },
      onConnection: setConnection,
    })
    return () => controller.abort(new Error('nobody looks any more'))
  }, [name, key])
  return connection
}
