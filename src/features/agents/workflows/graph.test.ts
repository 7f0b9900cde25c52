import { expect, test } from 'vitest'
import { graphOf } from './graph.ts'

const FLOW = {
  steps: [
    { name: 'search', title: 'Search', after: [], replay: 'safe' },
    { name: 'rank', title: 'Rank', after: ['search'], replay: 'safe' },
    { name: 'end', title: 'End', after: ['search', 'rank'], replay: 'safe' },
  ] as const,
}

test('a graph has every step and what it comes after', () => {
  expect(graphOf(FLOW)).toBe(
    [
      'flowchart LR',
      '  s1["Search"]',
      '  s2["Rank"]',
      '  s3["End"]',
      '  s1 --> s2',
      '  s1 --> s3',
      '  s2 --> s3',
    ].join('\n'),
  )
})

test('a graph shows what is done and what is under way', () => {
  expect(
    graphOf(FLOW, { done: ['search', 'gone'], running: ['rank', 'end'] })
      .split('\n')
      .slice(-2),
  ).toEqual(['  class s1 done', '  class s2,s3 running'])
})

test('a title is nothing but text: it ends no node, and is neither HTML nor a line of its own', () => {
  const graph = graphOf({
    steps: [
      { name: 'x', title: 'a"] --> b\nclick s1 "https://evil.test" <b>#35;', after: [], replay: 'safe' },
    ],
  })
  expect(graph.split('\n')).toHaveLength(2)
  expect(graph).toMatch(/^flowchart LR\n {2}s1\["[^"<>[\]\n]*"\]$/)
})
