// Knows whether the running code is inside a transaction. What would wait for a second connection (or for the
// network) while one is held must not: on a single connection it would wait for ever.
import { AsyncLocalStorage } from 'node:async_hooks'
import { fault } from '../faults.ts'

const open = new AsyncLocalStorage<{ isOpen: boolean }>()

/** Runs `fn` marked as inside a transaction; the mark goes out when `fn` settles, even for work it left behind. */
export async function insideTransaction<T>(fn: () => Promise<T>): Promise<T> {
  const mark = { isOpen: true }
  try {
    return await open.run(mark, fn)
  } finally {
    mark.isOpen = false
  }
}

/** Throws when called inside an open transaction. `what` names the offender: "a database call", "a network call". */
export function refuseInsideTransaction(what: string): void {
  if (open.getStore()?.isOpen) {
    throw fault('internal', {
      detail: `${what} bypasses the open transaction: use the transaction's own handle`,
    })
  }
}
