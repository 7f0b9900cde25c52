// A workflow within one call: its steps run one after the other, nothing is kept, and nobody follows.
import type { ReadCall } from '../../../gate/call.ts'
import { fault } from '../../../platform/faults.ts'
import type { Work } from '../workflows/workflow.ts'

/** For workflows that ask nobody. */
export function atOnce(call: ReadCall): Work<string> {
  return {
    signal: call.signal,
    step: (name, fn) => {
      call.signal.throwIfAborted()
      return fn({
        signal: call.signal,
        key: `${call.requestId} ${name}`,
        call,
        report: ignored,
        artifact: ignored,
        writeText: ignored,
      })
    },
    ask: async name => {
      throw fault('unsupported', {
        detail: `the step ${name} asks the user, who can be asked by a task only`,
      })
    },
    messages: async () => [],
  }
}

/** Who asked gets the result. */
function ignored(): void {}
