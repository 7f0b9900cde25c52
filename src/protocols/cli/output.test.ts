import { afterEach, expect, test, vi } from 'vitest'
import { fault } from '../../platform/faults.ts'
import { printFailure, printResult, printWaiting } from './output.ts'

/** Escapes, a CSI of one character, a new line of a table, a direction mark. */
const HOSTILE = 'a\u001b[2Jb\u009b31mc\u0007d\re\u202Ef'

const printed: string[] = []
const hear = (text: unknown): void => void printed.push(String(text))
vi.spyOn(console, 'log').mockImplementation(hear)
vi.spyOn(console, 'error').mockImplementation(hear)
afterEach(() => void printed.splice(0))

test.each<[what: string, print: () => void]>([
  ['a refusal', () => printFailure(fault('conflict', { say: HOSTILE, facts: { title: HOSTILE } }))],
  ['what a task asks', () => printWaiting('answer', HOSTILE, 'gatehouse task answer')],
  ['a table', () => printResult([{ id: HOSTILE }], { json: false })],
  ['a record', () => printResult({ title: HOSTILE }, { json: false })],
  ['JSON', () => printResult({ title: HOSTILE }, { json: true })],
])('%s reaches a terminal without anything that it would obey', (_what, print) => {
  print()
  expect(printed.join('\n')).toContain('b')
  expect(printed.join('\n')).not.toMatch(/[^\P{Cc}\n]|\u202E/u)
})

test('a text of several lines keeps them in a record, and a row of a table stays one', () => {
  printResult({ text: 'one\ntwo' }, { json: false })
  printResult([{ id: 'one\ntwo' }], { json: false })
  expect(printed).toEqual(['text  one\ntwo', 'ID', 'one\\u000atwo'])
})

test('JSON reads as what it was', () => {
  printResult({ title: HOSTILE }, { json: true })
  expect(JSON.parse(printed.join('\n'))).toEqual({ title: HOSTILE })
})
