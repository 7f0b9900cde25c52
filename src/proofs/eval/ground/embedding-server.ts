// Finds out how an embedding server is spoken to, by asking it for a vector in each of the ways that the product knows.
import type { Config, Embeddings } from '../../../platform/config.ts'
import { asFault, fault } from '../../../platform/faults.ts'
import { embedders } from '../../../platform/models/embedders.ts'

/** Loading a model, or a batch on a server without a GPU, takes longer than a search would ever wait. */
const DEADLINE_MS = 120_000
const ASK_WITHIN_MS = 20_000
/** Servers that hold one model take any name for it. */
const ANY_MODEL = 'default'

export interface EmbeddingServer {
  /** As the product names it: "tei:<name>", "openai:<model>", "ollama:<model>". */
  readonly model: string
  readonly settings: Embeddings
}

interface Way {
  readonly model: string
  readonly settings: Embeddings
}

/** `named` is the model's name where the server holds several. */
export async function embeddingServer(
  address: string,
  named: string | undefined,
  { embeddings }: Pick<Config, 'embeddings'>,
  signal: AbortSignal,
): Promise<EmbeddingServer> {
  const url = serverUrl(address)
  const refusals: string[] = []
  for (const { model, settings } of waysTo(url, named, embeddings)) {
    try {
      const within = AbortSignal.any([signal, AbortSignal.timeout(ASK_WITHIN_MS)])
      await embedders({ ...settings, deadlineMs: ASK_WITHIN_MS }).probe(model, within)
      return { model, settings }
    } catch (error) {
      if (signal.aborted) throw fault('cancelled', { because: error })
      refusals.push(`${model}: ${asFault(error).say}`)
    }
  }
  const hint = named === undefined ? ' If it holds several models, name one with --embeddings-model.' : ''
  throw fault('unavailable', {
    reason: 'no_embeddings',
    say: `${url.origin} gave no vector, neither as TEI nor as Ollama nor as OpenAI (${refusals.join(' ')}).${hint}`,
  })
}

/** TEI first: it answers whatever the model is called. */
function waysTo(url: URL, named: string | undefined, configured: Embeddings): Way[] {
  const root = `${url.origin}${url.pathname.replace(/\/(api\/embed|embed|v1(\/embeddings)?|)\/*$/, '')}`
  const model = named ?? ANY_MODEL
  const none = { ollamaUrl: undefined, openai: undefined, teiUrl: undefined }
  const settings = { ...configured, ...none, deadlineMs: Math.max(configured.deadlineMs, DEADLINE_MS) }
  const isConfigured =
    configured.openai !== undefined && new URL(configured.openai.baseUrl).origin === url.origin
  // The key of another server stays at home.
  const apiKey = isConfigured ? configured.openai?.apiKey : undefined
  return [
    { model: `tei:${named ?? url.hostname}`, settings: { ...settings, teiUrl: root } },
    { model: `ollama:${model}`, settings: { ...settings, ollamaUrl: root } },
    { model: `openai:${model}`, settings: { ...settings, openai: { baseUrl: `${root}/v1`, apiKey } } },
  ]
}

function serverUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw fault('invalid_input', {
      say: '--embeddings must be an http(s) URL without user name and password.',
    })
  }
  return url
}
