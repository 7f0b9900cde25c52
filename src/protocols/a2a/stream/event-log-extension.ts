// The extension of A2A that lets a client lose its connection and nothing else: every event of a task has a number,
// which a client sends back to hear everything after it. Clients that do not know it are not disturbed by it.
import type { IncomingHttpHeaders } from 'node:http'

/** The URI that the card announces, that clients activate, and under which metadata of events lies. */
export function eventLogUri(publicUrl: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/a2a/extensions/event-log/v1`
}

/**
 * Where a client says how far it has heard: the header `Last-Event-ID`, which browsers send by themselves, or
 * `metadata[uri].after` of the parameters. Undefined: it says nothing. What is no event's number is NaN.
 */
export function cursorOf(header: unknown, metadata: unknown, uri: string): number | undefined {
  const asked = isObject(metadata) ? metadata[uri] : undefined
  const after = header ?? (isObject(asked) ? asked['after'] : undefined)
  if (after === undefined || after === null) return undefined
  if (typeof after === 'number') return Number.isSafeInteger(after) && after >= 0 ? after : Number.NaN
  return typeof after === 'string' && /^\d{1,15}$/.test(after) ? Number(after) : Number.NaN
}

/** The URIs a client asked for; 0.3 has another name for the header. */
export function requestedExtensions(headers: IncomingHttpHeaders): string[] {
  return ['a2a-extensions', 'x-a2a-extensions']
    .flatMap(name => [headers[name] ?? []].flat().join(',').split(','))
    .map(uri => uri.trim())
    .filter(uri => uri !== '')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
