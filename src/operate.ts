// Opens the way for a command: the socket of the Gatehouse that runs on this data folder, or a Gatehouse opened for
// the command alone, which listens on the same socket and nowhere else. Either way the command speaks to the socket.
import { operatorOver, type Operator } from './protocols/cli/operator.ts'
import { socketClient } from './protocols/cli/socket-client.ts'
import { isAnswering, listenOnSocket } from './protocols/http/listen.ts'
import {
  publishedSocketPath,
  publishSocketPath,
  socketPath,
  withdrawSocketPath,
} from './protocols/http/socket-path.ts'
import { ownerDoor } from './doors.ts'
import { openGatehouse, type Gatehouse, type Surroundings } from './gatehouse.ts'

export async function openOperator(surroundings: Surroundings): Promise<Operator> {
  const { dataDir } = surroundings.config
  const running = await publishedSocketPath(dataDir)
  if (running !== undefined && (await isAnswering(running))) {
    return operatorOver(socketClient(running), () => Promise.resolve())
  }
  const gatehouse = await openGatehouse(surroundings)
  const socket = await openSocket(gatehouse, surroundings)
  return operatorOver(socketClient(socket.path), async () => {
    await socket.close()
    await gatehouse.close()
  })
}

/** Serves the owner-only socket of the data folder and says where it is. */
export async function openSocket(
  gatehouse: Gatehouse,
  surroundings: Surroundings,
): Promise<{ readonly path: string; close(): Promise<void> }> {
  const { dataDir } = surroundings.config
  const door = ownerDoor(gatehouse, surroundings)
  const path = socketPath(dataDir)
  await listenOnSocket(door.app, path)
  await publishSocketPath(dataDir, path)
  return {
    path,
    close: async () => {
      await withdrawSocketPath(dataDir)
      await door.stop()
    },
  }
}
