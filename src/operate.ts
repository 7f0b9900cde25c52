// Opens the way for a command: a Gatehouse at a URL where one is named; else the socket of the one that runs on this
// data folder, or a Gatehouse opened for the command alone, which listens on that socket and nowhere else. Whichever
// it is, the command is a client of /api.
import { operatorOver, type Operator } from './protocols/cli/operator.ts'
import { socketWay } from './protocols/cli/connection/socket-way.ts'
import { remoteUrl, urlWay } from './protocols/cli/connection/url-way.ts'
import { chosenWay, type WayOptions } from './protocols/cli/connection/way-options.ts'
import { isAnswering, listenOnSocket } from './protocols/http/listen.ts'
import {
  publishedSocketPath,
  publishSocketPath,
  socketPath,
  withdrawSocketPath,
} from './protocols/http/socket-path.ts'
import { ownerDoor } from './doors.ts'
import { openGatehouse, type Gatehouse, type Surroundings } from './gatehouse.ts'

export async function openOperator(surroundings: Surroundings, options: WayOptions = {}): Promise<Operator> {
  const remote = chosenWay(options, surroundings.config.remote)
  if (remote !== undefined) {
    const way = urlWay(remoteUrl(remote.url))
    return operatorOver(way.post, async () => way.close(), remote.token)
  }
  const { dataDir } = surroundings.config
  const running = await publishedSocketPath(dataDir)
  if (running !== undefined && (await isAnswering(running))) {
    return operatorOver(socketWay(running), () => Promise.resolve())
  }
  const gatehouse = await openGatehouse(surroundings)
  const socket = await openSocket(gatehouse, surroundings)
  return operatorOver(socketWay(socket.path), async () => {
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
