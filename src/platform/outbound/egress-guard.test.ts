import { describe, expect, test } from 'vitest'
import { isPublicAddress, resolvePublic, type Address, type Lookup } from './egress-guard.ts'

const CLOSED = `
  0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.254
  168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1
  192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.250
  240.0.0.1 255.255.255.255
  :: ::1 0:0:0:0:0:0:0:1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe
  ::FFFF:10.0.0.1 0:0:0:0:0:ffff:c0a8:1 ::ffff:0:0 64:ff9b::a9fe:a9fe 64:ff9b::10.0.0.1 64:ff9b:: 64:ff9b::7f00:0
  64:ff9b:1::a9fe:a9fe 64:ff9b:1::8.8.8.8 100::1 100:0:0:1::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1
  2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe::1 2002:808:808::1 3fff::1 3fff:fff:ffff::1 5f00::1
  fc00::1 fd00:ec2::254 fdff::1 fe80::1 fe80::1%eth0 2606:4700::1111%eth0 febf::1 fec0::1 ff02::1 ff0e::1 4000::1
  localhost example.com 127.1 0x7f.1 0177.0.0.1 2130706433 010.8.8.8 8.8.8.8.8 8.8.8 1.2.3.4/8 [::1] [2606:4700::1111]
`
const OPEN = `
  1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 168.63.129.17
  169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.88.98.1 192.167.255.255 192.169.0.0 198.17.255.255
  198.20.0.0 198.51.101.1 203.0.114.1 223.255.255.255
  2606:4700:4700::1111 2a00:1450:4001:80b::200e 2001:200::1 2001:4860:4860::8888 2001:db9::1 2003::1 3ffe::1
  ::ffff:8.8.8.8 ::ffff:808:808 64:ff9b::8.8.8.8 64:ff9b::808:808 64:ff9b::808:0
`
const words = (text: string): string[] => text.trim().split(/\s+/)

describe('an address', () => {
  test.each([...words(CLOSED), '', ' 8.8.8.8', '8.8.8.8\n'])('%j is not public', ip => {
    expect(isPublicAddress(ip)).toBe(false)
  })
  test.each(words(OPEN))('%s is public', ip => {
    expect(isPublicAddress(ip)).toBe(true)
  })
})

describe('a URL', () => {
  const refused = { code: 'invalid_input', reason: 'url_not_allowed' }
  const at = (...ips: string[]): Lookup => {
    const addresses = ips.map((address): Address => ({ address, family: address.includes(':') ? 6 : 4 }))
    return () => Promise.resolve(addresses)
  }
  const never: Lookup = () => Promise.reject(new Error('looked up'))

  // What a person may write; the URL parser folds the first ones to 127.0.0.1.
  test.each([
    ...words('http://127.1/ http://0x7f.1/ http://2130706433/ http://017700000001/ http://0177.0.0.1/'),
    ...words(
      'http://①②⑦.⓪.⓪.①/ http://0/ http://0.0.0.0/ http://[::]/ http://[::1]:8080/ http://127.0.0.1./',
    ),
    ...words('http://[::ffff:169.254.169.254]/ http://[64:ff9b::a9fe:a9fe]/ http://169.254.169.254/latest'),
    ...words(
      'http://100.64.0.1/ http://198.18.0.1/ http://localhost/ http://localhost./ http://LOCALHOST:80/',
    ),
    ...words(
      'http://a.localhost/ http://intranet/ http://intranet./ https://db:5432/ http://user@example.com/',
    ),
    ...words('http://:pw@example.com/ gopher://example.com/ ftp://example.com/ file:///etc/passwd data:,x'),
    ...words('javascript:1 unix:/run/x.sock blob:http://example.com/1'),
  ])('%s is refused without asking anybody', async text => {
    await expect(resolvePublic(new URL(text), never)).rejects.toMatchObject(refused)
  })
  test.each([
    [['127.0.0.1']],
    [['10.1.2.3']],
    [['fd00::1']],
    [['::ffff:10.1.2.3']],
    [['93.184.216.34', '10.1.2.3']],
    [['2606:4700::1111', '::1']],
    [[]],
  ])('whose name leads to %j is refused, and the sentence does not say where it leads', async ips => {
    const resolving = resolvePublic(new URL('https://x.nip.io/a?key=secret'), at(...ips))
    await expect(resolving).rejects.toMatchObject({
      ...refused,
      say: 'The URL cannot be fetched: x.nip.io has no public address. Give an http(s) URL of a public host.',
    })
  })
  test('whose name does not exist is refused in the same words as one that leads inside', async () => {
    const missing: Lookup = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
    const say = (lookup: Lookup): Promise<unknown> =>
      resolvePublic(new URL('http://db.corp.example'), lookup).catch((error: unknown) => ({
        ...(error as object),
      }))
    expect(await say(missing)).toEqual(await say(at('10.0.0.1')))
  })
  test('whose name cannot be looked up for now may be tried later', async () => {
    const down: Lookup = () => Promise.reject(Object.assign(new Error('no'), { code: 'EAI_AGAIN' }))
    await expect(resolvePublic(new URL('http://a.example'), down)).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'url_unreachable',
    })
  })
  test('of public addresses gives the first of them', async () => {
    const found = await resolvePublic(new URL('https://a.example'), at('2606:4700::1111', '1.1.1.1'))
    expect(found).toEqual({ address: '2606:4700::1111', family: 6 })
  })
  test('of a public literal is asked of nobody', async () => {
    expect(await resolvePublic(new URL('https://[2606:4700::1111]/'), never)).toEqual({
      address: '2606:4700::1111',
      family: 6,
    })
    expect(await resolvePublic(new URL('http://134744072/'), never)).toEqual({
      address: '8.8.8.8',
      family: 4,
    })
  })
})
