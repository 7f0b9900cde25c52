import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sseParser, type ServerSentEvent } from './sse-parser.ts'

const parse = (...pieces: string[]): ServerSentEvent[] => {
  const parser = sseParser()
  return pieces.flatMap(piece => parser.push(piece))
}

test('an event has its data, name and id; the id stays until another is sent', () => {
  expect(parse('id: 7\nevent: task_update\ndata: {"a":1}\n\ndata: b\n\n')).toEqual([
    { id: '7', event: 'task_update', data: '{"a":1}' },
    { id: '7', event: 'message', data: 'b' },
  ])
})

test.for([
  ['several lines of data are one text', 'data: a\ndata:\ndata:  b\n\n', ['a\n\n b']],
  ['comments and unknown fields are passed over', ': beat\n\ndata: a\nretry: 5\nfoo: b\n:x\n\n', ['a']],
  ['without data there is no event', 'event: x\nid: 3\n\n', []],
  ['a field without a colon is empty', 'data\n\n', ['']],
  ['what has not ended yet is no event', 'data: a\n', []],
  ['CR and CRLF end lines as well', 'data: a\rdata: b\r\n\r\ndata: c\r\r', ['a\nb', 'c']],
  ['only the first space after the colon goes', 'data:   a: b\n\n', ['  a: b']],
] as const)('%s', ([, text, expected]) => {
  expect(parse(text).map(({ data }) => data)).toEqual(expected)
})

test('an id with NUL is not taken', () => {
  expect(parse('id: 4\ndata: a\n\nid: 5\0\ndata: b\n\n').map(({ id }) => id)).toEqual(['4', '4'])
})

const END = fc.constantFrom('\n', '\r', '\r\n')
const LINE = fc.oneof(
  fc.constantFrom('', '', 'data: a', 'data:b', 'data', ': c', 'id: 1', 'id: 22', 'event: e', 'retry: 9'),
  fc.string({ unit: 'binary' }).map(text => `data: ${text.replaceAll(/[\r\n]/g, ' ')}`),
)
const STREAM = fc.array(fc.tuple(LINE, END)).map(lines => lines.flat().join(''))

test('wherever the pieces are cut, the events are the same', () => {
  fc.assert(
    fc.property(STREAM, fc.array(fc.nat(400)), (text, cuts) => {
      const places = [0, ...cuts.map(cut => Math.min(cut, text.length)).sort((a, b) => a - b), text.length]
      const pieces = places.slice(1).map((end, at) => text.slice(places[at], end))
      expect(parse(...pieces)).toEqual(parse(text))
    }),
    { numRuns: 500 },
  )
})

test('each piece one character: the same', () => {
  fc.assert(
    fc.property(STREAM, text => {
      expect(parse(...text.split(''))).toEqual(parse(text))
    }),
  )
})

test('an event that never ends does not fill the memory', () => {
  const parser = sseParser(100)
  expect(() => {
    for (let n = 0; n < 50; n++) parser.push('data: 12345\n')
  }).toThrow('longer than 100')
  expect(() => sseParser(100).push('x'.repeat(101))).toThrow(RangeError)
  const empty = sseParser(100)
  expect(() => {
    for (let n = 0; n < 200; n++) empty.push('data:\n')
  }).toThrow(RangeError)
})
