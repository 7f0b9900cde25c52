import { describe, expect, test } from 'vitest'
import type { ListedCharge } from '../../features/usage/ledger/ledger-rows.ts'
import { LEDGER_COLUMNS, ledgerCsvLine } from './ledger-csv.ts'

const row: ListedCharge = {
  id: 'c-1',
  chained_as: 3,
  at: '2026-01-02T03:04:05.000Z',
  kind: 'charge',
  hold_id: 'h-1',
  user: 'ada',
  written_by: 'ada',
  key_id: null,
  model: 'openai:gpt-4',
  operation: 'ask',
  task: null,
  step: 'answer',
  label: null,
  usage: { input: 10, output: 3 },
  per_million: { input: 30_000_000_000, output: 30_000_000_000 },
  price_version: 'seed:1',
  cost_nano: '390000',
  basis: 'provider',
  uncharged_nano: '0',
  note: null,
  chain_hash: 'ff',
}
const cells = (line: string): string[] => line.replace(/\r\n$/, '').split(',')
const cellOf = (given: ListedCharge, column: string): string | undefined =>
  cells(ledgerCsvLine(given))[LEDGER_COLUMNS.indexOf(column)]

test('every column has its cell', () => {
  expect(cells(ledgerCsvLine(row))).toHaveLength(LEDGER_COLUMNS.length)
  expect(cellOf(row, 'input_units')).toBe('10')
  expect(cellOf(row, 'output_nano_per_million')).toBe('30000000000')
  expect(cellOf(row, 'cached_input_units')).toBe('')
  expect(cellOf(row, 'cost_usd')).toBe('0.00039')
  expect(cellOf(row, 'chain_hash')).toBe('ff')
})

test('amounts stay exact numbers, also below nothing and beyond 2^53', () => {
  const given = { ...row, cost_nano: '-9007199254740993' }
  expect(cellOf(given, 'cost_nano')).toBe('-9007199254740993')
  expect(cellOf(given, 'cost_usd')).toBe('-9007199.254740993')
})

describe('BU16 no text of a caller is run by a spreadsheet', () => {
  test.each(['=HYPERLINK("http://evil")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('%j', label => {
    for (const column of ['user', 'model', 'operation', 'task', 'step', 'label', 'note'] as const) {
      const line = ledgerCsvLine({ ...row, [column]: label })
      expect(line, column).toContain(`'${label.replaceAll('"', '""')}`)
      expect(line, column).not.toContain(`,${label}`)
    }
  })

  test('nor what stands where a number belongs', () => {
    const given = { ...row, usage: { input: '=1+1' as unknown as number } }
    expect(cellOf(given, 'input_units')).toBe("'=1+1")
  })
})
