// The way to fetch the keys of an issuer that an operator named: over https from a public address, as everything from
// outside; and from the hosts that the environment names, from wherever they are (an identity provider of one's own).
import { fault } from '../faults.ts'
import { systemLookup } from './egress-guard.ts'
import { fetchPublic } from './fetch-public.ts'
import { publicFetcher, type FetchPublic } from './public-fetcher.ts'

/** `privateHosts`: host, and port where it is not the scheme's own, as they stand in a URL. */
export function keySetFetcher(privateHosts: readonly string[]): FetchPublic {
  const named = new Set(privateHosts.map(host => host.toLowerCase()))
  const fetchAnywhere = publicFetcher({ lookup: systemLookup, isAllowed: () => true })
  return async (address, limits) => {
    const url = URL.canParse(address) ? new URL(address) : undefined
    if (url !== undefined && named.has(url.host)) return fetchAnywhere(address, limits)
    if (url?.protocol === 'https:') return fetchPublic(address, limits)
    // Whoever sits on the way could put keys of their own in.
    throw fault('invalid_input', {
      reason: 'url_not_allowed',
      say: 'The keys of an issuer are fetched over https. A host of your own may be named in GATEHOUSE_PRIVATE_ISSUER_HOSTS.',
    })
  }
}
