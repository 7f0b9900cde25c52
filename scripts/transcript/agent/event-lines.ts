// What `curl -N` has printed of a task's stream, as one line for each event.
const TASK_STATE = 'TASK_STATE_'

export interface StreamedEvent {
  readonly id: number
  /** In a few words. */
  readonly says: string
  /** How the task stands by this event, where it says so, e.g. COMPLETED. */
  readonly state: string | undefined
  /** The whole task, with which every stream begins. */
  readonly isTask: boolean
  readonly taskId: string | undefined
}

interface Status {
  readonly state: string
  readonly message?: { readonly parts: readonly { readonly text?: string }[] }
}
interface Log {
  readonly event?: string
  readonly step?: string
}
interface Update {
  readonly taskId: string
  readonly metadata?: Readonly<Record<string, Log>>
}
interface Data {
  readonly task?: { readonly id: string; readonly status: Status }
  readonly statusUpdate?: Update & { readonly status: Status }
  readonly artifactUpdate?: Update & {
    readonly artifact: { readonly name: string; readonly parts: readonly { readonly text?: string }[] }
  }
}

/** The whole events of the text; one that was cut off is left out. */
export function eventsOf(text: string): StreamedEvent[] {
  return [...text.matchAll(/^id: (\d+)\ndata: (.*)\n\n/gm)].map(([, id, data]) =>
    eventOf(Number(id), JSON.parse(data ?? '') as Data),
  )
}

export function eventLines(events: readonly StreamedEvent[]): string {
  return events.map(({ id, says }) => `id: ${String(id).padStart(2)}   ${says}`).join('\n')
}

function eventOf(id: number, { task, statusUpdate, artifactUpdate }: Data): StreamedEvent {
  const status = task?.status ?? statusUpdate?.status
  const state = status?.state.replace(TASK_STATE, '')
  const taskId = task?.id ?? statusUpdate?.taskId ?? artifactUpdate?.taskId
  const says =
    task !== undefined
      ? `task ${state ?? ''}`
      : statusUpdate !== undefined
        ? told(statusUpdate, state ?? '')
        : shown(artifactUpdate)
  return { id, says, state, isTask: task !== undefined, taskId }
}

function told({ status, metadata = {} }: NonNullable<Data['statusUpdate']>, state: string): string {
  const said = status.message?.parts[0]?.text
  const log = Object.values(metadata)[0]
  if (log?.event !== 'step') return said ?? state
  return `step ${log.step ?? ''}`
}

function shown(update: Data['artifactUpdate']): string {
  const text = update?.artifact.parts[0]?.text
  return `artifact ${update?.artifact.name ?? ''}${text === undefined ? '' : `: ${text}`}`
}
