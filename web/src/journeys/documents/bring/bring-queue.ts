// Bringing files: a few are sent at once, all are followed until they are found. It lives as long as the page is open,
// wherever in it one looks; what the server has taken goes on without it.
import { call } from '../../../api/call.ts'
import type { Ingestion } from '../../../api/operations.gen.ts'
import {
  after,
  fromIngestion,
  isUnsent,
  stillOpen,
  type BringSettings,
  type BroughtFile,
  type Source,
} from './brought-file.ts'
import { broughtFiles, type BroughtFiles } from './brought-files.ts'
import { ingestionFollower } from './follow/ingestion-follower.ts'
import { sender } from './send/sender.ts'
import { vectorWatch } from './follow/vector-watch.ts'

export interface BroughtSource {
  readonly name: string
  readonly size: number | undefined
  readonly source: Source
}

export interface BringQueue extends Pick<BroughtFiles, 'subscribe' | 'state'> {
  add(sources: readonly BroughtSource[], settings: BringSettings): void
  /** What is not sent yet; what the server has it keeps. */
  cancel(keys: readonly string[]): void
  retry(key: string): void
  /** Out of the list; nothing happens to the documents. */
  dismiss(keys: readonly string[]): void
  /** What is on its way by what the server tells. */
  adopt(listed: readonly Ingestion[]): void
  followAgain(): void
}

/** `onFound` when a document has been published or has changed. */
export function bringQueue({ onFound }: { readonly onFound: () => void }): BringQueue {
  const files = broughtFiles()
  let counted = 0
  const watch = watchedVectors(files)
  const found = (): void => {
    onFound()
    watch.begin()
  }
  const follower = ingestionFollower({
    onEvent: event => {
      files.change(files.ofIngestion(event.ingestion_id)?.key ?? '', file => after(file, event))
      if (event.kind === 'published' || event.kind === 'unchanged') found()
    },
    onConnection: files.connected,
    onUnheard: ids => {
      for (const id of ids) files.change(files.ofIngestion(id)?.key ?? '', unheard)
    },
  })
  const sending = sender({ files, onAccepted: follower.add, onIn: found })

  return {
    subscribe: files.subscribe,
    state: files.state,
    followAgain: follower.again,
    add(sources, settings) {
      for (const source of sources)
        files.put({ key: `brought-${counted++}`, ...source, settings, stage: { at: 'waiting' } })
      sending.begin()
    },
    cancel(keys) {
      for (const key of keys) {
        const file = files.get(key)
        if (file === undefined || !isUnsent(file)) continue
        files.remove(key)
        sending.abort(key)
      }
    },
    retry(key) {
      const file = files.get(key)
      if (file?.stage.at !== 'failed') return
      if (file.ingestionId !== undefined) void sending.retryKept(key, file.ingestionId)
      else {
        files.put({ ...file, stage: { at: 'waiting' } })
        sending.begin()
      }
    },
    dismiss: keys => keys.forEach(files.remove),
    adopt(listed) {
      for (const ingestion of stillOpen(listed)) {
        if (files.ofIngestion(ingestion.ingestion_id) !== undefined) continue
        files.put(fromIngestion(ingestion))
        if (ingestion.state !== 'failed') follower.add(ingestion.ingestion_id)
      }
    },
  }
}

function unheard(file: BroughtFile): BroughtFile {
  const trouble = { say: 'What became of this file is not shown to you.', code: 'not_found' }
  return { ...file, stage: { at: 'failed', trouble } }
}

function watchedVectors(files: BroughtFiles) {
  return vectorWatch({
    pending: () =>
      files
        .all()
        .filter(
          ({ documentId, stage, vectors }) =>
            documentId !== undefined && stage.at === 'done' && vectors?.pending !== 0,
        )
        // Those nothing is known of come first: others may wait for long.
        .toSorted((a, b) => Number(a.vectors !== undefined) - Number(b.vectors !== undefined))
        .flatMap(({ documentId }) => documentId ?? []),
    count: async documents => (await call('count_vectors', { documents })).documents,
    onCounts: counts => {
      const byId = new Map(counts.map(one => [one.document_id, one]))
      for (const file of files.all()) {
        const vectors = byId.get(file.documentId ?? '')
        if (vectors !== undefined) files.put({ ...file, vectors })
      }
    },
  })
}
