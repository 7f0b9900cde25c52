// Takes a corpus into a tenant by the functions that take every document in, many documents in one transaction.
import { prepareDocument, stagePrepared } from '../../../features/documents/versions/prepare-document.ts'
import { publishVersion } from '../../../features/documents/versions/publish-version.ts'
import type { Language } from '../../../features/documents/text/language.ts'
import { fault } from '../../../platform/faults.ts'
import type { TenantDoors } from '../../../platform/db/tenant-doors.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import type { CorpusDocument } from '../set/read-corpus.ts'
import type { Progress } from './ground.ts'

/** SciFact's first 800 abstracts on a busy PostgreSQL: 21 s one by one, 14 by 4, 11 by 16, 12 by 64. */
const BATCH_DOCUMENTS = 16
const BATCH_CHARACTERS = 1_000_000

export interface Loading {
  readonly tenant: TenantDoors
  readonly corpus: AsyncIterable<CorpusDocument>
  /** Found out from each text when left out. */
  readonly language?: Language | undefined
  readonly progress: Progress
  readonly signal: AbortSignal
}

export interface LoadedCorpus {
  readonly documents: number
  readonly blank: number
  readonly passages: number
  readonly ids: ReadonlySet<string>
}

export async function loadCorpus({
  tenant,
  corpus,
  language,
  progress,
  signal,
}: Loading): Promise<LoadedCorpus> {
  const count = { documents: 0, blank: 0, passages: 0 }
  const ids = new Set<string>()
  for await (const batch of batches(corpus)) {
    if (signal.aborted) throw fault('cancelled')
    const there = batch.filter(({ content }) => /\S/.test(content))
    count.passages += await publish(tenant, there, language)
    for (const { id } of there) ids.add(id)
    count.documents += there.length
    count.blank += batch.length - there.length
    progress('documents', count.documents)
  }
  return { ...count, ids }
}

/** In one transaction. The statements of several documents travel together: they are independent of each other. */
async function publish(
  tenant: TenantDoors,
  documents: readonly CorpusDocument[],
  language: Language | undefined,
): Promise<number> {
  const prepared = documents.map(({ key, title, content }) => ({
    key,
    document: prepareDocument({ title, content, format: 'text', language }),
  }))
  await tenant.write(tx =>
    Promise.all(
      prepared.map(({ key, document }) =>
        publishVersion(tx, tenant.tenantId, {
          versionId: uuidv7(),
          target: { externalId: key },
          fields: {},
          content: document.content,
          stage: stagePrepared(document),
        }),
      ),
    ),
  )
  return prepared.reduce((sum, { document }) => sum + document.chunks.length, 0)
}

async function* batches(corpus: AsyncIterable<CorpusDocument>): AsyncGenerator<CorpusDocument[]> {
  let batch: CorpusDocument[] = []
  let characters = 0
  for await (const document of corpus) {
    batch.push(document)
    characters += document.content.length
    if (batch.length < BATCH_DOCUMENTS && characters < BATCH_CHARACTERS) continue
    yield batch
    batch = []
    characters = 0
  }
  if (batch.length > 0) yield batch
}
