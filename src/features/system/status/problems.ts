// What of a status an operator should know of, in sentences. Pure.
import type { Status } from './status-shape.ts'

/** The supervisor stamps the queues every second; a worker that is busy, or just restarted, may be late. */
const WORKER_GONE_S = 30
/** Something that could be done is not: too few workers, or none for this queue. */
const WAITS_LONG_S = 300

export function problemsOf(
  status: Pick<Status, 'dependencies' | 'queues' | 'worker_seen_seconds' | 'signing_keys'>,
): string[] {
  const { dependencies, queues, worker_seen_seconds: seen, signing_keys: keys } = status
  return [
    ...dependencies.flatMap(({ name, for: purpose, state }) => SAYS[state](`${name} (${purpose})`)),
    ...(queues === null ? ['The queues could not be read in time.'] : []),
    ...(queues ?? []).flatMap(({ name, oldest_waiting_seconds: oldest }) =>
      oldest !== null && oldest > WAITS_LONG_S ? [`A job of ${name} waits for ${minutes(oldest)}.`] : [],
    ),
    ...(seen !== null && seen > WORKER_GONE_S
      ? [
          `No worker has looked after the queues for ${minutes(seen)}: start a process with the role "worker".`,
        ]
      : []),
    ...(keys !== null && !keys.some(({ status }) => status === 'active') ? ['No key signs tokens.'] : []),
  ]
}

const SAYS: Record<Status['dependencies'][number]['state'], (name: string) => string[]> = {
  ok: () => [],
  away: name => [`${name} does not answer.`],
  paused: name => [`${name} failed so often that it is not called for the moment.`],
  trying: name => [`${name} failed often; the next call finds out whether it is back.`],
}

function minutes(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`
}
