// A network that breaks: passes bytes on to a server and cuts the connections of streams after some of the answer, in the
// middle of whatever was being said.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface CuttingProxy {
  readonly url: string
  /** Connections that were cut so far. */
  cuts(): number
  close(): Promise<void>
}

export interface CuttingOptions {
  /** Whether a connection that asks this (the bytes of its first request) is a stream to be cut. */
  readonly isCut: (request: string) => boolean
  /** Of the next connection's answer, so many bytes pass. */
  readonly passes: () => number
}

export async function openCuttingProxy(
  target: string,
  { isCut, passes }: CuttingOptions,
): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let cuts = 0
  const server = createServer(client => {
    const upstream = connect(Number(port), hostname)
    let left = Number.POSITIVE_INFINITY
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.once('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
      socket.on('error', () => undefined)
    }
    client.on('data', bytes => {
      const request = bytes.toString('latin1')
      if (left === Number.POSITIVE_INFINITY && isCut(request)) left = passes()
      // One request a connection: what is cut is the answer to it, and never that to a later one.
      upstream.write(request.replace(/^connection: keep-alive/im, 'connection: close'), 'latin1')
    })
    upstream.on('data', bytes => {
      if (bytes.length <= left) {
        left -= bytes.length
        client.write(bytes)
        return
      }
      cuts++
      // What passed arrives; then the connection is gone without an end.
      client.write(bytes.subarray(0, left), () => client.resetAndDestroy())
      upstream.destroy()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
