// Whose allowance an address uses. One customer of a provider gets a whole /64 of IPv6 addresses, so a /64 is one
// caller (RFC 6177); an IPv4 address is one, however it is written.
import { isIPv4, isIPv6 } from 'node:net'

const HEXTETS = 8
/** ::ffff:0:0/96, IPv4 in IPv6's clothes: what a dual-stack socket reports. */
const MAPPED = '0:0:0:0:0:ffff'

/** All that is no address shares one key: it must not be a way to as many keys as one likes. */
export function addressKey(address: string | undefined): string {
  const bare = address?.replace(/%.*$/, '') ?? ''
  if (isIPv4(bare)) return bare
  if (!isIPv6(bare)) return 'no address'
  const groups = hextets(bare)
  if (groups.slice(0, 6).join(':') === MAPPED) return dotted(groups)
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** The eight groups of an IPv6 address, without leading zeros. */
function hextets(address: string): string[] {
  const hex = address.replace(/[^:]*\.[^:]*$/, ipv4 => {
    const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number)
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })
  const [head = [], tail = []] = hex.split('::').map(half => half.split(':').filter(group => group !== ''))
  const gap = Array.from({ length: HEXTETS - head.length - tail.length }, () => '0')
  return [...head, ...gap, ...tail].map(group => Number.parseInt(group, 16).toString(16))
}

function dotted(groups: readonly string[]): string {
  const [high = 0, low = 0] = groups.slice(6).map(group => Number.parseInt(group, 16))
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
