// Where the server listens: a TCP port, or a Unix socket that its owner alone can open. Who can open the socket is
// the operator, so folder and file are checked before anybody is answered.
import { chmod, lstat, mkdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { fault, type Fault } from '../../platform/faults.ts'

/** Listens and answers the port, which the system chose if 0 was asked for. */
export async function listenOnPort(
  app: FastifyInstance,
  { host, port }: { host: string; port: number },
): Promise<number> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, host, port)
  }
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const say = {
    EADDRINUSE: `Port ${port} on ${host} is taken: stop the program that listens there, or choose another with GATEHOUSE_PORT.`,
    EACCES: `This user may not listen on port ${port}: choose one above 1023 with GATEHOUSE_PORT.`,
    EADDRNOTAVAIL: `This machine has no address ${host}: correct GATEHOUSE_HOST.`,
    ENOTFOUND: `The host name ${host} is unknown: correct GATEHOUSE_HOST.`,
  }[error.code ?? '']
  return say === undefined ? error : fault('conflict', { reason: 'port', say, because: error })
}

/** Listens on the socket at `path` (folder 0700, socket 0600), replacing one that nobody listens on any more. */
export async function listenOnSocket(app: FastifyInstance, path: string): Promise<void> {
  await ownFolder(dirname(path))
  await removeDeadSocket(path)
  await app.listen({ path })
  await chmod(path, 0o600)
}

async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = await lstat(folder)
  if (!found.isDirectory() || found.uid !== process.getuid?.())
    throw unsafeSocket(`${folder} belongs to another user.`)
  if ((found.mode & 0o077) !== 0)
    throw unsafeSocket(`${folder} is open to other users; run: chmod 700 ${folder}`)
}

async function removeDeadSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return
  if (!found.isSocket()) throw unsafeSocket(`${path} is in the way: it is not a socket.`)
  if (await isAnswering(path)) {
    throw fault('conflict', {
      reason: 'socket',
      say: `A Gatehouse is running already: it listens on ${path}.`,
    })
  }
  await rm(path, { force: true })
}

function unsafeSocket(say: string): Fault {
  return fault('conflict', { reason: 'socket', say })
}

/** Whether somebody listens on the socket. */
export function isAnswering(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const probe = connect(path)
    const done = (isListening: boolean) => {
      probe.destroy()
      resolve(isListening)
    }
    probe.once('connect', () => done(true))
    probe.once('error', () => done(false))
  })
}
