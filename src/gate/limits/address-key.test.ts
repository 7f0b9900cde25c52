import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressKey } from './address-key.ts'

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:cb00:7107', '203.0.113.7'],
  ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
])('%s counts as %s', (address, key) => expect(addressKey(address)).toBe(key))

test.each([undefined, '', 'localhost', '1.2.3', '203.0.113.7:80', '[::1]', ':::', '\u0000'])(
  '%j is no address and shares one key with all that are none',
  address => expect(addressKey(address)).toBe('no address'),
)

test('BU14 all spellings of an IPv6 address, and all addresses of its /64, have one key', () => {
  const half = fc.array(fc.nat(0xffff), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(half, half, half, (network, one, other) => {
      // Six zero groups in front would make it an IPv4 address in disguise.
      fc.pre(network.some(group => group !== 0))
      const full = [...network, ...one]
        .map(group => group.toString(16).padStart(4, '0').toUpperCase())
        .join(':')
      const short = new URL(`http://[${[...network, ...other].map(group => group.toString(16)).join(':')}]`)
        .hostname
      expect(addressKey(full)).toBe(addressKey(short.slice(1, -1)))
    }),
  )
})
