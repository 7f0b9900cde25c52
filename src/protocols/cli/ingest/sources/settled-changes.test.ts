import { expect, test } from 'vitest'
import { FIRST_LOOK, settledChanges, type Look } from './settled-changes.ts'
import type { Source } from './source.ts'

const at = (label: string, stamp: string): Source => ({
  kind: 'file',
  label,
  stamp,
  name: label,
  externalId: label,
  bytes: 1,
})

/** What each of several looks at one folder finds ready and gone. */
function looks(known: Record<string, string>, ...founds: Source[][]) {
  const state = new Map(Object.entries(known))
  let look: Look = FIRST_LOOK
  return founds.map(found => {
    const changes = settledChanges(state, look, found)
    look = changes.look
    for (const { label, stamp } of changes.ready) state.set(label, stamp ?? '')
    for (const label of changes.gone) state.delete(label)
    return { ready: changes.ready.map(({ label, stamp }) => `${label} ${stamp ?? ''}`), gone: changes.gone }
  })
}
const NOTHING = { ready: [], gone: [] }

test('a new file is ready when a second look finds it the same, and once', () => {
  const a = [at('a', '1')]
  expect(looks({}, a, a, a)).toEqual([NOTHING, { ready: ['a 1'], gone: [] }, NOTHING])
})

test('a file that is being written waits until it rests', () => {
  expect(looks({ a: '1' }, [at('a', '2')], [at('a', '3')], [at('a', '4')], [at('a', '4')])).toEqual([
    NOTHING,
    NOTHING,
    NOTHING,
    { ready: ['a 4'], gone: [] },
  ])
})

test('a file that is gone is told once, and is new when it comes back', () => {
  const back = [at('a', '1')]
  expect(looks({ a: '1' }, [], [], [], back, back)).toEqual([
    NOTHING,
    { ready: [], gone: ['a'] },
    NOTHING,
    NOTHING,
    { ready: ['a 1'], gone: [] },
  ])
})

test('a file that an editor puts in the old one’s place was never gone', () => {
  expect(looks({ a: '1' }, [], [at('a', '2')], [at('a', '2')])).toEqual([
    NOTHING,
    NOTHING,
    { ready: ['a 2'], gone: [] },
  ])
})
