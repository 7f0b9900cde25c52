// Starts the flooding process and ends it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { AskerOptions } from './asker.ts'
import type { Flooded } from './flood.ts'

export interface RunningFlood {
  /** Ends it, and answers how many of its searches a second were answered and refused. */
  stop(): Promise<Flooded>
  /** Ends it if it is still there. */
  end(): void
}

/** Resolves when it floods. */
export async function startFlood(order: AskerOptions): Promise<RunningFlood> {
  const child = fork(fileURLToPath(new URL('./flood.ts', import.meta.url)))
  child.send(order)
  await once(child, 'message')
  const begun = performance.now()
  return {
    async stop() {
      child.send('stop')
      const [became] = (await once(child, 'message')) as [Flooded]
      const seconds = (performance.now() - begun) / 1_000
      return { answered: became.answered / seconds, refused: became.refused / seconds }
    },
    end: () => void child.kill('SIGKILL'),
  }
}
