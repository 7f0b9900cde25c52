// One signed post to a webhook, as Standard Webhooks describes it (standardwebhooks.com): an id that stays the same
// however often the message comes, the time of this attempt, and an HMAC-SHA256 over both and the body.
import { createHmac } from 'node:crypto'
import { asFault } from '../../../../platform/faults.ts'
import type { PostPublic } from '../../../../platform/outbound/public/post-public.ts'

/** Longer than any receiver needs that first takes a message and then acts on it. */
export const DEADLINE_MS = 5_000

export interface Posting {
  readonly url: string
  readonly secret: Uint8Array
  readonly messageId: string
  /** JSON. */
  readonly body: string
}

/** 'delivered' when the receiver took it (2xx); otherwise why not. Does not throw: whatever went wrong, it was an attempt. */
export async function postSigned(
  { post }: Pick<PostPublic, 'post'>,
  { url, secret, messageId, body }: Posting,
  signal?: AbortSignal,
): Promise<string> {
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const headers = {
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature(secret, `${messageId}.${timestamp}.${body}`),
  }
  try {
    const status = await post(url, { headers, body, deadlineMs: DEADLINE_MS, signal })
    return status >= 200 && status < 300 ? 'delivered' : `status ${status}`
  } catch (error) {
    const { code, reason } = asFault(error)
    return reason ?? code
  }
}

export function signature(secret: Uint8Array, signed: string): string {
  return `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`
}
