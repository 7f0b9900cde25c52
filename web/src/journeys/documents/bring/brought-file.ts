// One file on its way in, as the page knows it, and what becomes of it with each event. Pure.
import type {
  Ingestion,
  IngestionEvent,
  NewDocumentAccess,
  VectorCount,
} from '../../../api/operations.gen.ts'

/** What a document is made from. Of a file that was sent before this page was opened there is nothing here any more. */
export type Source =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'text'; readonly title: string; readonly content: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'sent' }

/** What is said of all that are brought together. */
export interface BringSettings {
  readonly labels: readonly string[]
  readonly collection: string | undefined
  /** Everyone in the tenant by default. */
  readonly access: NewDocumentAccess | undefined
  /** A file of a path that is here already becomes the next version of that document, rather than another document. */
  readonly isNextVersion: boolean
  /** The document whose next version it becomes, whatever its path. */
  readonly documentId?: string
}

export interface Trouble {
  readonly say: string
  readonly code: string
  readonly reason?: string | undefined
}

export type Stage =
  | { readonly at: 'waiting' | 'adding' | 'queued' | 'fetching' | 'parsing' }
  | { readonly at: 'uploading'; readonly sent: number }
  | { readonly at: 'parsed' | 'indexing'; readonly done: number; readonly of: number }
  | { readonly at: 'done'; readonly outcome: string; readonly chunks?: number | undefined }
  | { readonly at: 'failed'; readonly trouble: Trouble }

export interface BroughtFile {
  readonly key: string
  /** With its folders, as it was dropped. */
  readonly name: string
  readonly size: number | undefined
  readonly source: Source
  readonly settings: BringSettings
  readonly stage: Stage
  readonly ingestionId?: string | undefined
  readonly documentId?: string | undefined
  /** Of its document, once that is there. */
  readonly vectors?: VectorCount | undefined
}

/** What the browser does and what the server does, as against what has come to an end. */
export function groupOf({ stage }: BroughtFile): 'failed' | 'running' | 'waiting' | 'done' {
  if (stage.at === 'failed' || stage.at === 'done' || stage.at === 'waiting') return stage.at
  return 'running'
}

/** Whether it would be lost if the page were left now. */
export function isUnsent({ stage, source }: BroughtFile): boolean {
  return (
    source.kind !== 'sent' && (stage.at === 'waiting' || stage.at === 'uploading' || stage.at === 'adding')
  )
}

const ENDS = new Set(['published', 'unchanged', 'superseded', 'failed'])

export function isEnd({ kind }: IngestionEvent): boolean {
  return ENDS.has(kind)
}

/** The file after an event of its ingestion. An unknown kind changes nothing. */
export function after(file: BroughtFile, { kind, data }: IngestionEvent): BroughtFile {
  const documentId = typeof data['document_id'] === 'string' ? data['document_id'] : file.documentId
  const known = { ...file, documentId }
  const stage = stageAfter(file.stage, kind, data)
  return stage === undefined ? known : { ...known, stage }
}

function stageAfter(before: Stage, kind: string, data: IngestionEvent['data']): Stage | undefined {
  if (kind === 'accepted') return { at: 'queued' }
  if (kind === 'fetching' || kind === 'parsing') return { at: kind }
  if (kind === 'parsed') return { at: 'parsed', done: 0, of: count(data['characters']) ?? 0 }
  if (kind === 'indexing') {
    const of = count(data['characters']) ?? ('of' in before ? before.of : 0)
    return { at: 'indexing', done: count(data['characters_done']) ?? 0, of }
  }
  if (kind === 'published') {
    return { at: 'done', outcome: text(data['outcome']) ?? 'added', chunks: count(data['chunks']) }
  }
  if (kind === 'unchanged' || kind === 'superseded') return { at: 'done', outcome: kind }
  if (kind !== 'failed') return undefined
  const say = text(data['say']) ?? 'The file could not be taken in.'
  return {
    at: 'failed',
    trouble: { say, code: text(data['code']) ?? 'internal', reason: text(data['reason']) },
  }
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

const NO_SETTINGS: BringSettings = {
  labels: [],
  collection: undefined,
  access: undefined,
  isNextVersion: true,
}

/** An ingestion that the server tells of: one that this page did not begin, or began before it was loaded. */
export function fromIngestion(ingestion: Ingestion): BroughtFile {
  const { ingestion_id, state, name, url, outcome, document_id, problem } = ingestion
  const stage: Stage =
    state === 'failed'
      ? { at: 'failed', trouble: problem ?? { say: 'The file could not be taken in.', code: 'internal' } }
      : state === 'done'
        ? { at: 'done', outcome: outcome ?? 'added' }
        : { at: state === 'running' ? 'parsing' : 'queued' }
  return {
    key: ingestion_id,
    name: name ?? url ?? 'A file without a name',
    size: undefined,
    source: { kind: 'sent' },
    settings: NO_SETTINGS,
    stage,
    ingestionId: ingestion_id,
    documentId: document_id,
  }
}

/**
 * Of the listed ingestions, newest first, those that still matter: on their way, or failed with nothing brought by that
 * name since.
 */
export function stillOpen(listed: readonly Ingestion[]): Ingestion[] {
  const seen = new Set<string>()
  return listed.filter(({ state, name, url, ingestion_id }) => {
    const label = name ?? url ?? ingestion_id
    const isNewest = !seen.has(label)
    seen.add(label)
    return state === 'queued' || state === 'running' || (state === 'failed' && isNewest)
  })
}
