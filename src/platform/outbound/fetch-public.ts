// The way to fetch a URL that came from outside. There is no option that lets it reach an address that is not public.
import { isPublicAddress, systemLookup } from './egress-guard.ts'
import { publicFetcher, type FetchPublic } from './public-fetcher.ts'

export const fetchPublic: FetchPublic = publicFetcher({ lookup: systemLookup, isAllowed: isPublicAddress })
