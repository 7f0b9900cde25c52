// Which embedding models there are, by name: the built-in one, and those of the servers the operator has named.
import { fault, type Fault } from '../faults.ts'
import type { Config } from '../config.ts'
import { destination, type Destination } from '../outbound/destination.ts'
import type { Embedder } from './embedder.ts'
import { EMBEDDING_WIRES, type Provider } from './embedding-wires.ts'
import { localEmbedder } from './local-embedder.ts'
import { embedRemotely, probeDimension, type RemoteModel } from './remote-embedder.ts'

export interface Embedders {
  /** Never fails: a model whose server is not configured fails when it is asked to embed, and says what to set. */
  readonly open: (model: Embedder['model']) => Embedder
  /** The dimension of a model's vectors, by asking for one. Fails for a model that cannot be used. */
  readonly probe: (name: string, signal?: AbortSignal) => Promise<number>
  /** The names that can be used now: "local-ngram-1", "ollama:<model>". */
  readonly available: () => string[]
  /** The servers that are set up and whether they are being called, for health and metrics. */
  readonly destinations: () => Pick<Destination, 'name' | 'state' | 'lastFailure'>[]
}

type Server = Omit<RemoteModel, 'wire' | 'model'>

const NEEDS: Record<Provider, string> = {
  ollama: 'OLLAMA_URL',
  openai: 'OPENAI_API_KEY (or, for a server without keys, OPENAI_BASE_URL)',
  tei: 'TEI_URL',
}

/** Opens nothing until a model is used. Models of one server share its breaker and its queue. */
export function embedders(settings: Config['embeddings']): Embedders {
  const local = localEmbedder()
  const servers = serversOf(settings)

  /** Throws the fault that says why `name` cannot be used. */
  const remote = (name: string): RemoteModel => {
    const [, provider, model] = /^(ollama|openai|tei):(.+)$/s.exec(name) ?? []
    if (provider === undefined || model === undefined) throw unknownModel(name)
    const server = servers[provider as Provider]
    if (server === undefined) throw notConfigured(name, NEEDS[provider as Provider])
    return { ...server, wire: EMBEDDING_WIRES[provider as Provider], model }
  }
  return {
    open(model) {
      if (model.name !== local.model.name) {
        const { dimension } = model
        return {
          model,
          isRemote: true,
          embed: async (texts, signal, meter) =>
            embedRemotely(remote(model.name), texts, { dimension, signal, meter }),
        }
      }
      if (model.dimension !== local.model.dimension)
        throw fault('internal', { detail: 'local model, other dimension' })
      return { ...local, model }
    },
    async probe(name, signal) {
      return name === local.model.name ? local.model.dimension : probeDimension(remote(name), signal)
    },
    available: () => [
      local.model.name,
      ...Object.keys(servers).map(provider => `${provider}:${provider === 'tei' ? '<name>' : '<model>'}`),
    ],
    destinations: () => Object.values(servers).map(server => server.destination),
  }
}

function serversOf({
  ollamaUrl,
  openai,
  teiUrl,
  deadlineMs,
}: Config['embeddings']): Partial<Record<Provider, Server>> {
  const server = (
    name: Provider,
    url: string,
    headers: Server['headers'] = {},
  ): Partial<Record<Provider, Server>> => ({
    [name]: {
      destination: embeddingServer(name, new URL(url).origin, deadlineMs),
      basePath: new URL(url).pathname.replace(/\/+$/, ''),
      headers,
    },
  })
  return {
    ...(ollamaUrl === undefined ? {} : server('ollama', ollamaUrl)),
    ...(openai === undefined
      ? {}
      : server(
          'openai',
          openai.baseUrl,
          openai.apiKey === undefined ? {} : { authorization: `Bearer ${openai.apiKey.reveal()}` },
        )),
    ...(teiUrl === undefined ? {} : server('tei', teiUrl)),
  }
}

/** Few at once, since one batch keeps a server busy; a queue for the searches of a busy second. */
function embeddingServer(name: string, origin: string, deadlineMs: number): Destination {
  return destination({
    name,
    origin,
    deadlineMs,
    concurrency: 4,
    queue: 64,
    breaker: { consecutive: 5, failureRate: 0.5, window: 20, openMs: 10_000, slowMs: deadlineMs },
    retry: { attempts: 3, firstPauseMs: 100, longestPauseMs: 1_000, longestRetryAfterMs: 5_000 },
  })
}

function notConfigured(name: string, variable: string): Fault {
  return fault('unavailable', {
    reason: 'model_not_configured',
    say: `The embedding model ${name} needs the setting ${variable}.`,
  })
}

function unknownModel(name: string): Fault {
  return fault('unavailable', {
    reason: 'unknown_model',
    say: `There is no embedding model ${JSON.stringify(name.slice(0, 100))}: use local-ngram-1, ollama:<model>, openai:<model> or tei:<name>.`,
  })
}
