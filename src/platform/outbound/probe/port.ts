// Who listens on a port of this machine: nobody, or somebody. For `doctor`.
import { connect, createServer } from 'node:net'

/** Whether something accepts connections at `host`:`port` within a second. */
export function isListening(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port })
    const done = (is: boolean): void => {
      socket.destroy()
      resolve(is)
    }
    socket.setTimeout(1_000, () => done(false))
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
}

/** Why nobody could listen there: EADDRINUSE, EACCES, EADDRNOTAVAIL …; undefined when one could. */
export function whyNotListen(host: string, port: number): Promise<string | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port }, () => server.close(() => resolve(undefined)))
  })
}
