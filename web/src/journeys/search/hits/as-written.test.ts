import { expect, test } from 'vitest'
import { asWritten } from './as-written.ts'

test('a stem is shown as the passage writes the word, in its shortest form', () => {
  expect(asWritten(['notif', 'requir'], ['Notifications', 'notification', 'required'])).toEqual([
    'notification',
    'required',
  ])
})

test('the last letter of a stem may be another one', () => {
  expect(asWritten(['polici'], ['Policy'])).toEqual(['policy'])
})

test('a phrase that is marked as a whole gives each of its words', () => {
  expect(asWritten(['33', 'articl'], ['Article 33'])).toEqual(['33', 'article'])
})

test('a stem of which nothing is marked stays as it is, and a short one is never taken for a longer word', () => {
  expect(asWritten(['gdpr', 'is', '3'], ['island', '33'])).toEqual(['gdpr', 'is', '3'])
})

test('two stems of one word are shown once', () => {
  expect(asWritten(['data', 'datas'], ['data'])).toEqual(['data'])
})
