// An evaluation's own ground with the corpus in it: words and vectors, as a tenant's own documents would be.
import type { Language } from '../../../features/documents/text/language.ts'
import { tenantDoors } from '../../../platform/db/tenant-doors.ts'
import type { Config } from '../../../platform/config.ts'
import { fault } from '../../../platform/faults.ts'
import { embedders } from '../../../platform/models/embedders.ts'
import type { ProgressReport } from '../report/progress.ts'
import { readCorpus } from '../set/read-corpus.ts'
import type { EvalSet } from '../set/read-set.ts'
import { embedCorpus } from './embed-corpus.ts'
import { embeddingServer } from './embedding-server.ts'
import type { Ground, Loaded } from './ground.ts'
import { loadCorpus } from './load-corpus.ts'
import { openOwnGround, type OpenGatehouse, type OwnGround } from './own-ground.ts'

export interface LoadedGroundOptions {
  readonly set: EvalSet
  readonly config: Config
  readonly openGatehouse: OpenGatehouse
  readonly embeddings: string | undefined
  readonly embeddingsModel: string | undefined
  readonly language: Language | undefined
  readonly keep: boolean
  readonly report: ProgressReport
  readonly signal: AbortSignal
}

/** A batch of large texts takes longer than a call may. */
const TIMEOUT_MS = 600_000

/** Opens, loads, and closes whatever happens; what it throws is what `use` or the loading threw. */
export async function withLoadedGround<T>(
  options: LoadedGroundOptions,
  use: (ground: Ground) => Promise<T>,
): Promise<T> {
  const corpus = corpusOf(options.set)
  const { config, model } = await modelOf(options)
  const { openGatehouse, keep, report, signal } = options
  const ground = await openOwnGround({ config, openGatehouse, model, keep, signal })
  try {
    const loaded = await load(ground, corpus, { ...options, config })
    const { engine } = ground.gatehouse.opened.database
    return await use({ tenant: ground.tenant.slug, ask: ground.ask, engine, loaded })
  } finally {
    const told = await ground.close()
    if (told !== undefined) report.say(told)
  }
}

function corpusOf({ corpus, folder }: EvalSet): string {
  if (corpus !== undefined) return corpus
  throw fault('invalid_input', {
    reason: 'no_corpus',
    say: `${folder} has no corpus.jsonl (nor corpus.jsonl.gz): add it, or name the tenant that has the documents with --tenant.`,
  })
}

async function modelOf(
  options: LoadedGroundOptions,
): Promise<{ readonly config: Config; readonly model?: string }> {
  const { config, embeddings, embeddingsModel, signal } = options
  if (embeddings === undefined) return { config }
  if (config.database.kind === 'server') {
    throw fault('unsupported', {
      reason: 'serving_model',
      say: 'On a database server all tenants share the serving model: change it with gatehouse embeddings migrate, or leave DATABASE_URL out to evaluate --embeddings on an embedded database.',
    })
  }
  const server = await embeddingServer(embeddings, embeddingsModel, config, signal)
  return { config: { ...config, embeddings: server.settings }, model: server.model }
}

async function load(ground: OwnGround, corpus: string, options: LoadedGroundOptions): Promise<Loaded> {
  const { language, config, report, signal } = options
  const { progress } = report
  const tenant = tenantDoors(ground.gatehouse.opened.database, {
    tenantId: ground.tenant.id,
    subject: 'gatehouse:evaluation',
    reads: 'all',
    timeoutMs: TIMEOUT_MS,
    signal,
  })
  const began = performance.now()
  const taken = await loadCorpus({ tenant, corpus: readCorpus(corpus), language, progress, signal })
  const takenIn = performance.now()
  const { open } = embedders(config.embeddings)
  const vectors = await embedCorpus({ tenant, open, passages: taken.passages, progress, signal })
  return {
    ...taken,
    vectors,
    seconds: (takenIn - began) / 1000,
    vectorSeconds: (performance.now() - takenIn) / 1000,
  }
}
