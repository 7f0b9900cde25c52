// `gatehouse serve`: opens both doors, adds the samples where they are wanted, says how to begin, and goes on until
// it is told to stop; then it lets running calls end.
import { listenOnPort } from './protocols/http/listen.ts'
import { publicDoor } from './doors.ts'
import { openGatehouse, type Surroundings } from './gatehouse.ts'
import { openSocket } from './operate.ts'
import { welcome } from './welcome.ts'

export async function serve(surroundings: Surroundings): Promise<void> {
  const { config, log, progress } = surroundings
  const stopped = stopSignal()
  const gatehouse = await openGatehouse(surroundings)
  const door = publicDoor(gatehouse, surroundings)
  let socket: Awaited<ReturnType<typeof openSocket>> | undefined
  try {
    await listenOnPort(door.app, { host: config.host, port: config.port })
    socket = await openSocket(gatehouse, surroundings)
    // Stopped while seeding: the next start goes on where this one ends.
    if (config.seedSamples) {
      await gatehouse.operate('seed_samples', {}, stopped.signal).catch((error: unknown) => {
        if (!stopped.signal.aborted) throw error
      })
    }
    if (!stopped.signal.aborted) process.stdout.write(await welcome(gatehouse, config))
    log.info({ host: config.host, port: config.port, role: config.role }, 'serving')
    await stopped.promise
    progress('stopping: running calls have 10 s to end')
  } finally {
    await Promise.all([door.stop(), socket?.close()])
    await gatehouse.close()
  }
}

/** One signal may arrive twice (from the terminal's group and from npm): that is not a second wish. */
const SAME_SIGNAL_MS = 200

/** The first SIGINT or SIGTERM begins the stop; a second one ends the process at once. */
function stopSignal(): { readonly promise: Promise<void>; readonly signal: AbortSignal } {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  let stoppedAt = 0
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - stoppedAt > SAME_SIGNAL_MS) process.exit(130)
      return
    }
    stoppedAt = performance.now()
    controller.abort()
    resolve()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return { promise, signal: controller.signal }
}
