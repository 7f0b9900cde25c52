// Who listens where, and whether the servers that Gatehouse calls answer.
import type { Config } from '../../../platform/config.ts'
import { asFault } from '../../../platform/faults.ts'
import { embedders } from '../../../platform/models/embedders.ts'
import { isListening, whyNotListen } from '../../../platform/outbound/probe/port.ts'
import { rawRequest } from '../../../platform/outbound/probe/raw-request.ts'
import type { NetworkFacts } from './facts.ts'

export interface Running {
  readonly isRunning: boolean
  readonly isSocketDead: boolean
}

const PROBE_MS = 10_000

export async function networkFacts(
  config: Config,
  running: Running,
  servingModel: string | undefined,
): Promise<NetworkFacts> {
  const { host, port } = config
  const isTaken = await isListening(host, port)
  return {
    ...running,
    port,
    isTaken,
    isGatehouse: isTaken && (await isGatehouse(host, port)),
    whyNotListen: isTaken || running.isRunning ? undefined : await whyNotListen(host, port),
    embeddings: servingModel === undefined ? [] : [await embedding(config, servingModel)],
  }
}

async function isGatehouse(host: string, port: number): Promise<boolean> {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const at = `${name.includes(':') ? `[${name}]` : name}:${port}`
  const headers = [
    ['host', at],
    ['connection', 'close'],
  ] as const
  const signal = AbortSignal.timeout(3_000)
  const answer = await rawRequest({
    url: new URL(`http://${at}/livez`),
    method: 'GET',
    headers,
    signal,
  }).catch(() => undefined)
  return answer?.status === 200 && answer.body === '{"status":"ok"}'
}

async function embedding({ embeddings }: Config, name: string): Promise<NetworkFacts['embeddings'][number]> {
  try {
    await embedders(embeddings).probe(name, AbortSignal.timeout(PROBE_MS))
    return { name, problem: undefined }
  } catch (error) {
    return { name, problem: asFault(error).say }
  }
}
