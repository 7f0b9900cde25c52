// What the rest of platform/db asks of a Postgres, be it a server or the embedded one: sessions that take
// statements without waiting for the answers of earlier ones.

/** Text in Postgres' own input syntax, bytes in its binary one, or null. */
export type WireValue = string | Uint8Array | null

/** A statement as it travels. */
export interface WireStatement {
  readonly text: string
  readonly values?: readonly WireValue[]
  /** Of this text alone: an engine may keep the parsed statement under it for as long as the session lives. */
  readonly name?: string
}

export type WireRow = Record<string, unknown>

export interface WireResult {
  readonly rows: WireRow[]
  /** Rows returned or touched, as the command tag says. */
  readonly count: number
  /** The command tag's word: SELECT, INSERT, COMMIT, ROLLBACK … */
  readonly command: string
}

/** One connection, held by one transaction at a time. */
export interface Session {
  /** The backend's pid for the seal; 0 where a pooler or the embedded engine makes it meaningless. */
  readonly pid: number
  /** Puts a statement on the wire at once; statements run in order, and after an error none runs until ROLLBACK. */
  send(statement: WireStatement): Promise<WireResult>
  /** A script of several statements without values; the rows of all of them. */
  script(text: string): Promise<WireRow[]>
  /** Stops what runs, where the engine can; the session must then be released as broken. */
  cancel(): Promise<void>
  /** Gives the session back; `broken` when its state is not known to be clean. */
  release(broken?: boolean): void
}

/** What a listener hears. */
export interface Hearing {
  /** A NOTIFY on the channel. */
  heard(payload: string): void
  /** The listener stands, for the first time or again: what was notified in between was missed. */
  listening(): void
}

export interface Acquiring {
  readonly isBackground?: boolean
  /** For whom; absent or '' for the system itself. */
  readonly tenantId?: string
}

export interface Engine {
  readonly kind: 'pglite' | 'postgres'
  /**
   * Waits for a free session; rejects when the signal aborts first. Where there is but one, background work lets calls
   * pass; where there are several, tenants take turns.
   */
  acquire(signal?: AbortSignal, options?: Acquiring): Promise<Session>
  /** Hears a channel until closed, through lost connections; absent where no connection can be held (behind a pooler). */
  readonly listen?: (channel: string, hearing: Hearing) => Promise<{ close(): Promise<void> }>
  close(): Promise<void>
}
