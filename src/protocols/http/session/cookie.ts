// The session's cookie. On https it is a __Host- cookie, which no other host and no insecure page can set or read; on
// plain http it exists on loopback alone.
import { fault } from '../../../platform/faults.ts'

export interface SessionCookie {
  readonly name: string
  /** The cookie of a request; undefined when there is none, or more than one of the name. */
  read(header: string | undefined): string | undefined
  /** The Set-Cookie header for a request to that Host. Throws where the cookie would travel in the open. */
  set(value: string, host: string | undefined): string
  clear(): string
}

const MAX_AGE_S = 7 * 86_400
const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i

export function sessionCookie(publicUrl: string): SessionCookie {
  const isHttps = publicUrl.startsWith('https:')
  const name = isHttps ? '__Host-gatehouse' : 'gatehouse'
  // Lax: whoever follows a link to /app arrives signed in. What changes anything asks for the Origin besides.
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isHttps ? '; Secure' : ''}`
  return {
    name,
    read(header) {
      const pairs = (header ?? '').split(';').map(pair => pair.trim().split('='))
      const values = pairs.filter(([key]) => key === name).map(([, ...rest]) => rest.join('='))
      return values.length === 1 ? values[0] : undefined
    },
    set(value, host) {
      if (!isHttps && !LOOPBACK.test(host ?? ''))
        throw fault('forbidden', {
          reason: 'insecure',
          say: 'Signing in needs https: set GATEHOUSE_PUBLIC_URL to the https address of this server.',
        })
      return `${name}=${value}; ${attributes}; Max-Age=${MAX_AGE_S}`
    },
    clear: () => `${name}=; ${attributes}; Max-Age=0`,
  }
}
