import { expect, test } from 'vitest'
import { cursorOf, eventLogUri, requestedExtensions } from './event-log-extension.ts'

const uri = eventLogUri('https://x/')

test('the URI stands below the public URL, however that ends', () => {
  expect([uri, eventLogUri('https://x')]).toEqual(Array(2).fill('https://x/a2a/extensions/event-log/v1'))
})

test.each<[string, unknown, unknown, number | undefined]>([
  ['nothing', undefined, undefined, undefined],
  ['a header', '12', undefined, 12],
  ['a member', undefined, { [uri]: { after: 3 } }, 3],
  ['both: the header, which the browser sends by itself', '12', { [uri]: { after: 3 } }, 12],
  ['the beginning', '0', undefined, 0],
  ['another extension', undefined, { other: { after: 3 } }, undefined],
  ['metadata that is a text', undefined, 'x', undefined],
  ['half an event', undefined, { [uri]: { after: 1.5 } }, Number.NaN],
  ['a negative one', undefined, { [uri]: { after: -1 } }, Number.NaN],
  ['a text that is no number', '1e3', undefined, Number.NaN],
  ['an empty header', '', undefined, Number.NaN],
  ['more than a number can hold', '9'.repeat(20), undefined, Number.NaN],
  ['a list', undefined, { [uri]: { after: [1] } }, Number.NaN],
])('how far a client has heard: %s', (_what, header, metadata, expected) => {
  expect(cursorOf(header, metadata, uri)).toBe(expected)
})

test('extensions are listed in one header or several, by the name of either version', () => {
  expect(requestedExtensions({ 'a2a-extensions': 'a, b,' })).toEqual(['a', 'b'])
  expect(requestedExtensions({ 'x-a2a-extensions': ['a', 'b'] })).toEqual(['a', 'b'])
  expect(requestedExtensions({})).toEqual([])
})
