// Whose published prices hold here: those of a provider that is asked at its own address. What answers at another one,
// however its models are called, has the prices that somebody here sets.
import type { Publisher } from './listed-prices.ts'

const HOSTS: Record<Publisher, string> = {
  openai: 'api.openai.com',
  anthropic: 'api.anthropic.com',
}

/** `addresses`: where each is asked; undefined where nothing else than its own was configured. */
export function publishersAt(
  addresses: Readonly<Record<Publisher, string | undefined>>,
): ReadonlySet<Publisher> {
  const all = Object.keys(HOSTS) as Publisher[]
  return new Set(
    all.filter(publisher => {
      const address = addresses[publisher]
      return address === undefined || new URL(address).host === HOSTS[publisher]
    }),
  )
}
