// Which addresses a URL of somebody else may lead to: public ones, whatever the name says. Checked on what the name
// resolved to, once, so that the answer cannot change between the check and the connection (DNS rebinding).
import { lookup as systemResolver } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { fault, type Fault } from '../faults.ts'

export interface Address {
  readonly address: string
  readonly family: 4 | 6
}

/** All addresses of a host name, as the system would use them. */
export type Lookup = (host: string) => Promise<readonly Address[]>

export interface Guard {
  readonly lookup: Lookup
  readonly isAllowed: (ip: string) => boolean
}

/** IANA's special-purpose registry, and one address that is public by number only: Azure's platform server. */
const CLOSED_V4 = blockList(
  'ipv4',
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  '168.63.129.16/32',
)
/** Only this part of IPv6 is handed out to the public; loopback, private, link-local and multicast lie outside. */
const GLOBAL_V6 = blockList('ipv6', '2000::/3')
/** Inside it: Teredo, ORCHID and benchmarking; documentation (twice); 6to4, which carries any IPv4 address. */
const CLOSED_V6 = blockList('ipv6', '2001::/23 2001:db8::/32 2002::/16 3fff::/20')
/** IPv4-mapped and NAT64: an IPv4 address in other clothes. In IPv6-only networks every IPv4 host looks like that. */
const CARRIES_V4 = blockList('ipv6', '::ffff:0:0/96 64:ff9b::/96')

/** True for an address anybody on the internet may have. False for all else: names, zone ids, odd notations. */
export function isPublicAddress(ip: string): boolean {
  switch (isIP(ip)) {
    case 4:
      return !CLOSED_V4.check(ip, 'ipv4')
    case 6:
      if (ip.includes('%')) return false
      if (CARRIES_V4.check(ip, 'ipv6')) return isPublicAddress(innerV4(ip))
      return GLOBAL_V6.check(ip, 'ipv6') && !CLOSED_V6.check(ip, 'ipv6')
    default:
      return false
  }
}

/**
 * The address to connect to, for a URL that came from outside. One lookup; when any of the addresses is not public
 * the URL is refused (`url_not_allowed`), since the next lookup would be free to choose it.
 */
export function resolvePublic(url: URL, lookup: Lookup = systemLookup): Promise<Address> {
  return resolveGuarded(url, { lookup, isAllowed: isPublicAddress })
}

/** As `resolvePublic`, with the judgement passed in: for tests, whose servers can only be on loopback. */
export async function resolveGuarded(url: URL, { lookup, isAllowed }: Guard): Promise<Address> {
  refuseByForm(url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host) === 0 ? await resolved(host, lookup) : [literal(host)]
  const [first] = addresses
  // One sentence for a name that does not exist and for one that leads inside: the difference is none of the caller's.
  if (first === undefined || !addresses.every(({ address }) => isAllowed(address)))
    throw notAllowed(`${url.hostname} has no public address`)
  return first
}

export const systemLookup: Lookup = async host => {
  const found = await systemResolver(host, { all: true })
  return found.map(({ address }) => literal(address))
}

/** What the text of a URL tells by itself. WHATWG parsing has folded 0x7f.1, 2130706433 and the like by now. */
function refuseByForm(url: URL): void {
  if (!/^https?:$/.test(url.protocol)) throw notAllowed('only http and https URLs can be fetched')
  if (url.username !== '' || url.password !== '') throw notAllowed('the URL carries credentials')
  const name = url.hostname.replace(/\.$/, '')
  if (/^(.+\.)?localhost$/.test(name)) throw notAllowed('localhost is not a public host')
  if (!/[.:]/.test(name)) throw notAllowed('the host is a name without a dot')
}

async function resolved(host: string, lookup: Lookup): Promise<readonly Address[]> {
  try {
    return await lookup(host)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (/^(ENOTFOUND|ENODATA)$/.test(code)) return []
    throw fault('unavailable', {
      reason: 'url_unreachable',
      say: `The host ${host} could not be looked up just now; try again later.`,
      detail: `looking up the host of a URL failed: ${code || 'no code'}`,
    })
  }
}

function notAllowed(why: string): Fault {
  return fault('invalid_input', {
    reason: 'url_not_allowed',
    say: `The URL cannot be fetched: ${why}. Give an http(s) URL of a public host.`,
  })
}

function literal(ip: string): Address {
  return { address: ip, family: isIP(ip) === 6 ? 6 : 4 }
}

/** The last 32 bits of an IPv6 address, in dots. The URL parser writes every notation as hexadecimal groups. */
function innerV4(ip: string): string {
  const [head = '', tail] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split('::')
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16))
  const [high = 0, low = 0] = [0, 0, ...(tail === undefined ? groups(head) : groups(tail))].slice(-2)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function blockList(family: 'ipv4' | 'ipv6', ...ranges: string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges.join(' ').split(' ')) {
    const [network = '', prefix] = range.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
  return list
}
