import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layoutGraph } from './layout-graph.ts'

const step = (name: string, ...after: string[]) => ({ name, title: name, after })
const placesOf = (...steps: ReturnType<typeof step>[]) =>
  layoutGraph(steps).nodes.map(({ step: { name }, column, row }) => [name, column, row])

test('a chain is one row, in order', () => {
  expect(placesOf(step('a'), step('b', 'a'), step('c', 'b'))).toEqual([
    ['a', 0, 0],
    ['b', 1, 0],
    ['c', 2, 0],
  ])
})

test('branches stand below each other, what joins them behind both and in the middle', () => {
  expect(placesOf(step('a'), step('b', 'a'), step('c', 'a'), step('d', 'b', 'c'))).toEqual([
    ['a', 0, 0.5],
    ['b', 1, 0],
    ['c', 1, 1],
    ['d', 2, 0.5],
  ])
})

test('a step stands beside what it needs, so that lines do not cross', () => {
  const { nodes } = layoutGraph([step('a'), step('b'), step('below', 'b'), step('above', 'a')])
  expect(nodes.map(({ step: { name } }) => name)).toEqual(['a', 'b', 'above', 'below'])
})

test('a step that is needed late stands right before what needs it', () => {
  expect(placesOf(step('a'), step('b', 'a'), step('c', 'b', 'late'), step('late'))).toEqual([
    ['a', 0, 0.5],
    ['late', 1, 0],
    ['b', 1, 1],
    ['c', 2, 0.5],
  ])
})

test('what needs itself in a circle, or what is not there, is drawn all the same', () => {
  const { nodes, edges } = layoutGraph([step('a', 'b'), step('b', 'a'), step('c', 'nothing', 'c')])
  expect(nodes).toHaveLength(3)
  expect(edges).toHaveLength(1)
})

test('each edge leads to the right, and no two steps stand in the same place', () => {
  const workflows = fc.array(fc.array(fc.nat(8), { maxLength: 4 }), { maxLength: 9 })
  fc.assert(
    fc.property(workflows, needs => {
      const steps = needs.map((after, index) => step(`s${index}`, ...after.map(at => `s${at}`)))
      const { nodes, edges } = layoutGraph(steps)
      const columnOf = new Map(nodes.map(({ step: { name }, column }) => [name, column]))
      expect(new Set(nodes.map(({ column, row }) => `${column}/${row}`)).size).toBe(steps.length)
      for (const { from, to } of edges) expect(columnOf.get(from) ?? 0).toBeLessThan(columnOf.get(to) ?? 0)
    }),
  )
})
