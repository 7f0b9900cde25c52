import { describe, expect, test } from 'vitest'
import { FIRST_HEAD, type ChainHead } from './canonical.ts'
import { checkChain } from './check-chain.ts'
import { rowHash, type LinkedRow } from './row-hash.ts'

/** A sound chain of so many rows. */
function chain(length: number): LinkedRow[] {
  const rows: LinkedRow[] = []
  for (let place = 1n; place <= length; place++) {
    const row = {
      tenant_id: 'a',
      id: `row-${place}`,
      sequence: place * 10n,
      at_us: place,
      subject: 'ada',
      token_id: null,
      operation: 'probe',
      object: null,
      outcome: 'ok',
      fault: null,
      request_id: 'r',
      trace_id: 't',
      chained_as: place,
    }
    rows.push({ ...row, chain_hash: rowHash(rows.at(-1)?.chain_hash ?? FIRST_HEAD, row) })
  }
  return rows
}
const headOf = (rows: readonly LinkedRow[]): ChainHead => {
  const { chained_as, chain_hash } = rows.at(-1)!
  return { chained_as, chain_hash: chain_hash! }
}
/** What an attacker makes of it who knows the format: all hashes anew from a place on. */
function rechained(rows: readonly LinkedRow[]): LinkedRow[] {
  let previous = FIRST_HEAD
  return rows.map(row => {
    previous = rowHash(previous, row)
    return { ...row, chain_hash: previous }
  })
}
const edited = (rows: readonly LinkedRow[], place: number, change: Partial<LinkedRow>): LinkedRow[] =>
  rows.map(row => (row.chained_as === BigInt(place) ? { ...row, ...change } : row))

interface Checking {
  readonly head?: ChainHead | undefined
  readonly saved?: ChainHead
  readonly pages?: number
}
function check(rows: readonly LinkedRow[], { head = headOf(sound), saved, pages = 100 }: Checking = {}) {
  const checking = checkChain(saved)
  for (let from = 0; from < rows.length; from += pages) checking.page(rows.slice(from, from + pages))
  return checking.end(head)
}
const findings = (...given: Parameters<typeof check>) =>
  check(...given).findings.map(({ kind, chained_as, until }) =>
    [kind, chained_as, ...(until === undefined ? [] : [until])].join(' '),
  )
const sound = chain(12)

test.each([1, 3, 12, 100])('a sound chain passes, in pages of %i', pages => {
  expect(check(sound, { pages })).toStrictEqual({ rows: 12, findings: [], isCut: false })
})

test('no rows and no head are a sound chain too', () => {
  expect(checkChain().end(undefined)).toStrictEqual({ rows: 0, findings: [], isCut: false })
})

describe('names what was done', () => {
  test.each([1, 5, 12])('an edited row, and that one only (%i)', place => {
    expect(findings(edited(sound, place, { subject: 'eve' }))).toStrictEqual([`edited ${place}`])
  })

  test.each([1, 5, 12])('an edited hash, and that one only (%i)', place => {
    expect(findings(edited(sound, place, { chain_hash: new Uint8Array(32) }))).toStrictEqual([
      `edited ${place}`,
    ])
    expect(findings(edited(sound, place, { chain_hash: null }))).toStrictEqual([`edited ${place}`])
  })

  test('a row that was edited and hashed anew: the next one does not fit', () => {
    const [fourth, fifth] = [sound[3]!, { ...sound[4]!, subject: 'eve' }]
    const forged = edited(sound, 5, { ...fifth, chain_hash: rowHash(fourth.chain_hash!, fifth) })
    expect(findings(forged)).toStrictEqual(['edited 6'])
  })

  test('removed rows, by their places', () => {
    expect(findings(sound.filter(row => row.chained_as !== 5n))).toStrictEqual(['removed 5'])
    expect(findings(sound.filter(row => row.chained_as < 5n || row.chained_as > 7n))).toStrictEqual([
      'removed 5 7',
    ])
    expect(findings(sound.slice(2))).toStrictEqual(['removed 1 2'])
  })

  const swapped = (one: number, other: number, moveHashes: boolean): LinkedRow[] =>
    sound.map((row, index) => {
      const from = index === one - 1 ? sound[other - 1]! : index === other - 1 ? sound[one - 1]! : row
      return {
        ...from,
        chained_as: row.chained_as,
        chain_hash: moveHashes ? from.chain_hash : row.chain_hash,
      }
    })
  test.each([
    [5, 6, true],
    [5, 6, false],
    [2, 11, true],
    [2, 11, false],
    [1, 12, true],
  ])('two rows in each other’s place (%i and %i, hashes with them: %s)', (one, other, moveHashes) => {
    expect(findings(swapped(one, other, moveHashes))).toStrictEqual([
      `reordered ${one}`,
      `reordered ${other}`,
    ])
  })

  test('a row put in beside another', () => {
    const forged = { ...sound[4]!, id: 'forged' }
    expect(findings([...sound.slice(0, 5), forged, ...sound.slice(5)])).toStrictEqual(['inserted 5'])
  })

  test('the end cut off', () => {
    expect(findings(sound.slice(0, 9))).toStrictEqual(['cut_off 10 12'])
    expect(findings(sound.slice(0, 11))).toStrictEqual(['cut_off 12'])
    expect(findings([])).toStrictEqual(['cut_off 1 12'])
  })

  test('rows put in after the end, however well they are linked', () => {
    expect(findings(chain(13))).toStrictEqual(['head_mismatch 13 13'])
  })

  test('rows without a head', () => {
    const checking = checkChain()
    checking.page(sound)
    expect(checking.end(undefined).findings).toMatchObject([
      { kind: 'head_mismatch', chained_as: 1n, until: 12n },
    ])
  })

  test('all hashes made anew, but not the head', () => {
    expect(findings(rechained(edited(sound, 5, { subject: 'eve' })))).toStrictEqual(['head_mismatch 12'])
  })

  test('several things at once, each by itself', () => {
    const bent = edited(edited(sound, 3, { object: 'x' }), 9, { outcome: 'failed' }).filter(
      row => row.chained_as !== 6n,
    )
    expect(findings(bent)).toStrictEqual(['edited 3', 'removed 6', 'edited 9'])
  })
})

describe('a head that was saved elsewhere', () => {
  const saved = headOf(chain(8))

  test('is passed through by a chain that only grew', () => {
    expect(findings(sound, { saved })).toStrictEqual([])
  })

  test('shows what nothing else can: everything rewritten up to the head', () => {
    const rewritten = rechained(edited(sound, 5, { subject: 'eve' }))
    expect(findings(rewritten, { head: headOf(rewritten) })).toStrictEqual([])
    expect(findings(rewritten, { head: headOf(rewritten), saved })).toStrictEqual(['head_mismatch 8'])
  })

  test('and the end cut off together with the head', () => {
    const cut = sound.slice(0, 6)
    expect(findings(cut, { head: headOf(cut) })).toStrictEqual([])
    expect(findings(cut, { head: headOf(cut), saved })).toStrictEqual(['cut_off 7 8'])
  })
})

test('of a chain that is broken everywhere a hundred findings are told, and that there are more', () => {
  const long = chain(300)
  const bent = long.map(row => ({ ...row, subject: 'eve' }))
  const { findings: told, isCut, rows } = check(bent, { head: headOf(long) })
  expect({ told: told.length, isCut, rows }).toStrictEqual({ told: 100, isCut: true, rows: 300 })
})
