import { describe, expect, test } from 'vitest'
import type { ListedAuditRow } from '../../features/audit/rows/listed-row.ts'
import { csvCell } from './csv-cell.ts'
import { COLUMNS, csvLine } from './audit-csv.ts'

describe('BU16 a cell that a spreadsheet would run is text', () => {
  test.each([
    ['=HYPERLINK("http://evil","x")', `"'=HYPERLINK(""http://evil"",""x"")"`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['\n=1', `"'\n=1"`],
    ['＝1+1', "'＝1+1"],
    ['plain = text', 'plain = text'],
  ])('%j', (value, expected) => expect(csvCell(value)).toBe(expected))
})

test.each([
  ['a,b', '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
  [null, ''],
  [7, '7'],
])('%j is one cell', (value, expected) => expect(csvCell(value)).toBe(expected))

test('every value of a row has its column', () => {
  const row = Object.fromEntries(COLUMNS.map(column => [column, column])) as unknown as ListedAuditRow
  expect(csvLine(row)).toBe(`${COLUMNS.join(',')}\r\n`)
})
