// Where a page of a list ends, as a token that this deployment alone can make and that fits the list it was made for.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { fault } from '../../../../platform/faults.ts'

export interface Place {
  /** A timestamp as the database writes it. */
  readonly at: string
  readonly id: string
}

export interface PageTokens {
  /** `about` names the list: whose it is and what it is filtered by. */
  write(place: Place, about: string): string
  /** Throws `invalid_input` (`bad_page_token`). */
  read(token: string, about: string): Place
}

const PURPOSE = 'page token'

/** `secrets`: those of the deployment, the newest first; each process has the same. */
export function pageTokens(secrets: () => readonly Uint8Array[]): PageTokens {
  const macOf = (secret: Uint8Array, body: string, about: string): Buffer =>
    createHmac('sha256', createHmac('sha256', secret).update(PURPOSE).digest())
      .update(JSON.stringify([body, about]))
      .digest()
  return {
    write({ at, id }, about) {
      const body = Buffer.from(JSON.stringify([at, id])).toString('base64url')
      const [secret] = secrets()
      if (secret === undefined) throw fault('internal', { detail: 'no key to sign a page token with' })
      return `${body}.${macOf(secret, body, about).toString('base64url')}`
    },
    read(token, about) {
      const [body = '', mac = ''] = token.split('.')
      const given = Buffer.from(mac, 'base64url')
      const isOurs = secrets().some(secret => {
        const expected = macOf(secret, body, about)
        return expected.length === given.length && timingSafeEqual(expected, given)
      })
      if (!isOurs) throw badToken()
      const [at, id] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string, string]
      return { at, id }
    },
  }
}

function badToken() {
  return fault('invalid_input', {
    reason: 'bad_page_token',
    say: 'This page token is not one of this list: pass the next_page_token of an answer with the same filters, as it is.',
  })
}
