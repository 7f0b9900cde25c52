// Sends what waits, a few files at once.
import { call } from '../../../../api/call.ts'
import { asProblem } from '../../../../api/problem.ts'
import type { Stage } from '../brought-file.ts'
import type { BroughtFiles } from '../brought-files.ts'
import { sendSource } from './send-source.ts'

/** More would not be faster: the server reads a few files at a time, and the page wants connections too. */
const AT_ONCE = 3

export interface Sender {
  /** Takes up what waits. */
  begin(): void
  /** Nothing for one that is not being sent. */
  abort(key: string): void
  /** The server still has the file of an ingestion that failed. */
  retryKept(key: string, ingestionId: string): Promise<void>
}

export interface SenderDeps {
  readonly files: BroughtFiles
  readonly onAccepted: (ingestionId: string) => void
  /** It is in without an ingestion: a text, or a file that was here already. */
  readonly onIn: () => void
}

export function sender({ files, onAccepted, onIn }: SenderDeps): Sender {
  const sending = new Map<string, AbortController>()
  const stage = (key: string, next: Stage): void => files.change(key, file => ({ ...file, stage: next }))

  function begin(): void {
    for (const file of files.all()) {
      if (sending.size >= AT_ONCE) return
      if (file.stage.at === 'waiting' && !sending.has(file.key)) void send(file.key)
    }
  }

  async function send(key: string): Promise<void> {
    const file = files.get(key)
    if (file === undefined) return
    const abort = new AbortController()
    sending.set(key, abort)
    stage(key, { at: 'uploading', sent: 0 })
    try {
      const { ingestion_id, document_id, status, chunks } = await sendSource(file, {
        signal: abort.signal,
        onSent: sent => stage(key, { at: 'uploading', sent }),
        onAdding: () => stage(key, { at: 'adding' }),
      })
      files.change(key, one => ({
        ...one,
        // The server has it now: the browser need not hold it.
        source: { kind: 'sent' },
        ingestionId: ingestion_id,
        documentId: document_id,
        stage: ingestion_id === undefined ? { at: 'done', outcome: status, chunks } : { at: 'queued' },
      }))
      if (ingestion_id === undefined) onIn()
      else onAccepted(ingestion_id)
    } catch (thrown) {
      if (!abort.signal.aborted) stage(key, failedFor(thrown))
    } finally {
      sending.delete(key)
      begin()
    }
  }

  return {
    begin,
    abort: key => sending.get(key)?.abort(new Error('cancelled')),
    async retryKept(key, ingestionId) {
      stage(key, { at: 'adding' })
      try {
        const { ingestion_id } = await call('retry_ingestion', { ingestion_id: ingestionId })
        files.change(key, file => ({ ...file, ingestionId: ingestion_id, stage: { at: 'queued' } }))
        onAccepted(ingestion_id)
      } catch (thrown) {
        stage(key, failedFor(thrown))
      }
    },
  }
}

function failedFor(thrown: unknown): Stage {
  const { message, code, reason } = asProblem(thrown)
  return { at: 'failed', trouble: { say: message, code, reason } }
}
