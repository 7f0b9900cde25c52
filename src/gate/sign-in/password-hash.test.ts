import { describe, expect, test } from 'vitest'
import { refusalOf } from '../../../tests/harness/refusal.ts'
import { passwordHasher } from './password-hash.ts'

const CHEAP = { ln: 4, r: 1, p: 1 }

describe('a password hash', () => {
  test('AU31 is salted, says its own cost and is verified by the right password alone', async () => {
    const { hash, verify } = passwordHasher()
    const [one, other] = await Promise.all([hash('seven purple lanterns'), hash('seven purple lanterns')])
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=$/)
    expect(one).not.toBe(other)
    expect(await verify('seven purple lanterns', one)).toEqual({ isRight: true, isOutdated: false })
    expect(await verify('seven purple lantern', one)).toEqual({ isRight: false, isOutdated: false })
  })

  test('of one password typed on two keyboards is the same', async () => {
    const { hash, verify } = passwordHasher({ cost: CHEAP })
    const stored = await hash('caf\u00e9 au lait demain')
    expect((await verify('cafe\u0301 au lait demain', stored)).isRight).toBe(true)
  })

  test('of cheaper parameters still verifies, and is said to be outdated', async () => {
    const stored = await passwordHasher({ cost: CHEAP }).hash('seven purple lanterns')
    const { verify } = passwordHasher({ cost: { ...CHEAP, ln: 5 } })
    expect(await verify('seven purple lanterns', stored)).toEqual({ isRight: true, isOutdated: true })
  })

  test('that nobody has is never right, and costs as much as one that is there', async () => {
    const hasher = passwordHasher()
    const stored = await hasher.hash('seven purple lanterns')
    const cpuOf = async (hash: string | null): Promise<number> => {
      const before = process.cpuUsage()
      expect((await hasher.verify('wrong', hash)).isRight).toBe(false)
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    const known = await cpuOf(stored)
    const unknown = await cpuOf(null)
    // A missing computation would be a hundredth.
    expect(unknown).toBeGreaterThan(known / 5)
  })

  test.each(['', 'plain text', '$scrypt$ln=30,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA==$' + 'A'.repeat(43) + '='])(
    'that is none of ours ("%s") is an error, not an hour of work',
    async stored => {
      expect((await refusalOf(passwordHasher().verify('x', stored)))?.code).toBe('internal')
    },
  )
})

describe('a flood of passwords', () => {
  test('is computed two at a time, waits in a short line, and beyond it is told to come again', async () => {
    const { hash } = passwordHasher({ cost: CHEAP, atOnce: 2, waiting: 3 })
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => refusalOf(hash('seven purple lanterns'))),
    )
    const refused = outcomes.filter(outcome => outcome !== undefined)
    expect(refused.map(({ code, retryAfterMs }) => [code, retryAfterMs])).toEqual(
      Array.from({ length: 3 }, () => ['rate_limited', 2_000]),
    )
    // And the line moves on afterwards.
    expect(await hash('seven purple lanterns')).toContain('$scrypt$')
  })
})
