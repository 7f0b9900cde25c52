// The media types a client accepts, against those that tasks answer in.
import { fault } from '../../../platform/faults.ts'

export const OUTPUT_MODES = ['text/plain', 'text/markdown', 'application/json']

/** What a client may say for any of them. Clients of 0.3 also send the bare word. */
const WIDER = ['*/*', 'text/*', 'application/*', 'text']

/** Throws where none of what it accepts can be given; an empty list accepts everything. */
export function requireOutputMode(accepted: readonly string[] = []): void {
  const asked = accepted.map(mode => (mode.split(';', 1)[0] ?? '').trim().toLowerCase())
  if (asked.length === 0 || asked.some(mode => OUTPUT_MODES.includes(mode) || WIDER.includes(mode))) return
  throw fault('unsupported', {
    reason: 'content_type',
    say: `None of the accepted output modes can be given; accept one of ${OUTPUT_MODES.join(', ')}.`,
  })
}
