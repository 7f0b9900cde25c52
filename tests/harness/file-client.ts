// Brings files to a whole Gatehouse as a client does, by its tools alone, and follows each to its end.
import type { TestGatehouse } from './gatehouse.ts'
import type { SearchHit } from './document-operations.ts'

export interface IngestionEvent {
  readonly ingestion_id: string
  readonly sequence: number
  readonly at: string
  readonly kind: string
  readonly data: Record<string, unknown>
}

export interface ToolRefusal {
  readonly code: string
  readonly message: string
  readonly reason?: string
  readonly issues?: readonly { readonly field: string; readonly message: string }[]
}

export interface FileClient {
  /** What a tool answers; throws when it refuses. */
  tool<T = Record<string, unknown>>(name: string, args: unknown): Promise<T>
  /** How a tool refuses; throws when it does not. */
  refusal(name: string, args: unknown): Promise<ToolRefusal>
  /** Uploads the bytes in pieces and returns the id of the complete blob. */
  upload(bytes: Buffer): Promise<string>
  /** Adds a file, by an upload where it does not fit a call, and returns the id of its ingestion. */
  bring(file: { readonly name: string; readonly bytes: Buffer }, fields?: object): Promise<string>
  /** All events of each ingestion, once every one has ended. */
  ends(ingestionIds: readonly string[]): Promise<Map<string, IngestionEvent[]>>
  search(query: string, args?: object): Promise<SearchHit[]>
}

const PIECE = 1_048_576
const LAST = new Set(['published', 'unchanged', 'superseded', 'failed'])

export function fileClient(house: TestGatehouse, token: string): FileClient {
  const tool: FileClient['tool'] = async <T>(name: string, args: unknown) => {
    const { output, isError, text } = await house.call(token, name, args)
    if (isError) throw new Error(`${name} was refused: ${text}`)
    return output as T
  }
  const upload = async (bytes: Buffer): Promise<string> => {
    let blob: { blob_id?: string } = {}
    for (let offset = 0; offset === 0 || offset < bytes.length; offset += PIECE) {
      const data = bytes.subarray(offset, offset + PIECE).toString('base64')
      const is_last = offset + PIECE >= bytes.length
      const { blob_id } = await tool<{ blob_id: string }>('upload_blob', { ...blob, offset, data, is_last })
      blob = { blob_id }
    }
    return String(blob.blob_id)
  }
  return {
    tool,
    upload,
    refusal: async (name, args) => {
      const { output, isError, text } = await house.call(token, name, args)
      if (!isError) throw new Error(`${name} was not refused: ${text}`)
      return output as unknown as ToolRefusal
    },
    bring: async ({ name, bytes }, fields = {}) => {
      const fits = bytes.length > 0 && bytes.length <= PIECE
      const source = fits ? { data: bytes.toString('base64') } : { blob_id: await upload(bytes) }
      const { ingestion_id } = await tool<{ ingestion_id: string }>('add_document', {
        name,
        ...source,
        ...fields,
      })
      return ingestion_id
    },
    ends: ids => follow(tool, ids),
    search: async (query, args = {}) =>
      (await tool<{ hits: SearchHit[] }>('search_documents', { query, ...args })).hits,
  }
}

async function follow(
  tool: FileClient['tool'],
  ids: readonly string[],
): Promise<Map<string, IngestionEvent[]>> {
  const events = new Map(ids.map((id): [string, IngestionEvent[]] => [id, []]))
  for (;;) {
    const open = [...events].filter(([, seen]) => !LAST.has(seen.at(-1)?.kind ?? '')).slice(0, 100)
    if (open.length === 0) return events
    const ingestions = open.map(([ingestion_id, seen]) => ({
      ingestion_id,
      after: seen.at(-1)?.sequence ?? 0,
    }))
    const next = await tool<{ events: IngestionEvent[] }>('follow_ingestions', {
      ingestions,
      wait_seconds: 20,
    })
    if (next.events.length === 0)
      throw new Error(`nothing happened for 20 s to ${JSON.stringify(open.map(([id]) => id))}`)
    for (const event of next.events) events.get(event.ingestion_id)?.push(event)
  }
}
