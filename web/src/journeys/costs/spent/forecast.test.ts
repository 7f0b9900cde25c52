import { expect, test } from 'vitest'
import { forecastOf } from './forecast.ts'

const now = new Date('2026-03-11T00:00:00Z')
const budget = { spent_nano: '100', left_nano: '900', resets_at: '2026-03-21T00:00:00Z' }
const week = ['10', '10', '10', '10', '10', '10', '10']

test('what is spent by the reset, at the pace of a week', () => {
  expect(forecastOf(budget, week, now)).toStrictEqual({ perDayNano: '10', byResetNano: '200' })
})

test('and when nothing is left before that', () => {
  expect(forecastOf({ ...budget, left_nano: '50' }, week, now)).toMatchObject({
    fullAt: '2026-03-16T00:00:00.000Z',
  })
})

test.each([
  ['too few days had any spending', budget, ['0', '0', '0', '0', '0', '35', '35']],
  ['it never resets', { ...budget, resets_at: null }, week],
  ['corrections outweigh it', budget, ['1', '1', '1', '0', '0', '0', '-9']],
])('nothing is said where %s', (_, given, days) => {
  expect(forecastOf(given, days, now)).toBeUndefined()
})
