// The commands on the deployment itself.
import type { OperationCommand } from '../operation-command.ts'

interface Shown {
  readonly state: string
  readonly problems: readonly string[]
  readonly version: string
  readonly role: string
  readonly uptime_seconds: number
  readonly engine: { readonly kind: string; readonly version: string | null; readonly vector: string | null }
  readonly embedding_model: string | null
  readonly dependencies: readonly Dependency[]
  readonly queues: readonly Queue[] | null
}

interface Dependency {
  readonly name: string
  readonly for: string
  readonly state: string
  readonly took_ms: number | null
  readonly last_failure: { readonly at: string; readonly reason: string } | null
}

interface Queue {
  readonly name: string
  readonly waiting: number
  readonly running: number
  readonly put_off: number
  readonly failed: number
}

export const SYSTEM_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'status',
    says: 'show how the deployment stands: dependencies, queues, what is wrong',
    operation: 'get_system_status',
    input: () => ({}),
    lines: shown => linesOf(shown as Shown),
    example: 'gatehouse status',
  },
]

function linesOf(status: Shown): string[] {
  const { engine, queues } = status
  const busy = (queues ?? []).filter(
    queue => queue.waiting + queue.running + queue.put_off + queue.failed > 0,
  )
  return [
    `${status.state}: Gatehouse ${status.version}, role ${status.role}, up for ${status.uptime_seconds} s`,
    `${engine.kind} ${engine.version ?? '(not known)'}, pgvector ${engine.vector ?? '(not known)'}; searches use ${status.embedding_model ?? '(not known)'}`,
    ...status.dependencies.map(dependencyLine),
    ...(queues === null ? [] : [`${queues.length} queues, ${busy.length} with jobs`]),
    ...busy.map(
      ({ name, waiting, running, put_off, failed }) =>
        `  ${name}: ${waiting} waiting, ${running} running, ${put_off} for later, ${failed} given up`,
    ),
    ...status.problems.map(problem => `! ${problem}`),
  ]
}

function dependencyLine({
  name,
  for: purpose,
  state,
  took_ms: took,
  last_failure: failure,
}: Dependency): string {
  const time = took === null ? '' : ` in ${took} ms`
  const last = failure === null ? '' : `; last failure ${failure.reason} at ${failure.at}`
  return `  ${name} (${purpose}): ${state}${time}${last}`
}
