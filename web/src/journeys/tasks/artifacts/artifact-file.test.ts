import { describe, expect, test } from 'vitest'
import { csvRows } from './csv-rows.ts'
import { fileName, fileOf, kindOf } from './artifact-file.ts'

test.each([
  [{ data: {} }, 'json'],
  [{ text: '', media_type: 'text/csv' }, 'csv'],
  [{ text: '', filename: 'dates.CSV' }, 'csv'],
  [{ text: '', media_type: 'text/plain' }, 'text'],
  [{ text: '' }, 'markdown'],
] as const)('%j is %s', (part, kind) => {
  expect(kindOf(part)).toBe(kind)
})

test('a file holds the whole artifact under its name', () => {
  expect(fileOf('answer', [{ text: '# A\n' }, { text: 'b' }])).toEqual({
    name: 'answer.md',
    type: 'text/markdown;charset=utf-8',
    text: '# A\nb',
  })
  expect(fileOf('facts', [{ data: { a: 1 } }])).toMatchObject({ name: 'facts.json', text: '{\n  "a": 1\n}' })
})

test('UI01 a name leads nowhere and hides nothing', () => {
  expect(fileName('../../etc/passwd', 'txt')).toBe('-..-etc-passwd.txt')
  expect(fileName('invoice\u202Efdp.exe', 'txt')).toBe('invoicefdp.exe.txt')
  expect(fileName('report.html', 'md')).toBe('report.html.md')
  expect(fileName('report.CSV', 'txt')).toBe('report.CSV')
  expect(fileName('<img src=x>', 'txt')).toBe('-img src=x-.txt')
  expect(fileName('\u0000 . ', 'md')).toBe('artifact.md')
})

describe('CSV', () => {
  test('quoted fields hold commas, quotes and line ends', () => {
    expect(csvRows('a,"b, ""c""\nd"\r\n1,\n', 9)).toEqual([
      ['a', 'b, "c"\nd'],
      ['1', ''],
    ])
  })
  test('ends with the text when a quote is not closed, and at the most rows asked for', () => {
    expect(csvRows('a,"b', 9)).toEqual([['a', 'b']])
    expect(csvRows('1\n2\n3', 2)).toEqual([['1'], ['2']])
  })
  test('what is no CSV comes to an end', () => {
    expect(csvRows('"a"b,c\nd', 9).length).toBeLessThan(4)
  })
})
