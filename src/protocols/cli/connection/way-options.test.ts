import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Secret } from '../../../platform/config.ts'
import { chosenWay, refuseCredentials } from './way-options.ts'

const folder = mkdtempSync(join(tmpdir(), 'gh-way-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fileOf = (text: string): string => {
  const file = join(folder, 'token')
  writeFileSync(file, text)
  return file
}

const NONE = { url: undefined, token: undefined }

test('without an address it is the Gatehouse of the data folder', () => {
  expect(chosenWay({}, NONE)).toBeUndefined()
  expect(chosenWay({}, { ...NONE, token: new Secret('t') })).toBeUndefined()
  expect(() => chosenWay({ tokenFile: 'x' }, NONE)).toThrow('needs --url')
})

test('options win over the environment', () => {
  const remote = { url: 'https://one.example', token: new Secret('of-environment') }
  expect(chosenWay({}, remote)).toEqual({ url: 'https://one.example', token: 'of-environment' })
  const options = { url: 'https://two.example', tokenFile: fileOf('of-file\n') }
  expect(chosenWay(options, remote)).toEqual({ url: 'https://two.example', token: 'of-file' })
})

test('an address without a credential is an error of authentication; a file that holds none says so', () => {
  expect(() => chosenWay({ url: 'https://one.example' }, NONE)).toThrow('Set GATEHOUSE_TOKEN')
  const of = (text: string) => chosenWay({ url: 'https://one.example', tokenFile: fileOf(text) }, NONE)
  expect(() => of('')).toThrow('one line')
  expect(() => of('one\ntwo')).toThrow('one line')
  expect(() => chosenWay({ url: 'https://one.example', tokenFile: join(folder, 'gone') }, NONE)).toThrow(
    'ENOENT',
  )
})

test.each([
  [['search', 'x', '--token', 'abc']],
  [['search', 'x', '--token=abc']],
  [['token', 'revoke', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln']],
  [['search', `--user=ghk_${'A'.repeat(12)}_${'B'.repeat(43)}`]],
  [['tenant', 'list', `gho_${'A'.repeat(12)}_${'B'.repeat(43)}`]],
])('%j is refused, without repeating the credential', argv => {
  expect(() => refuseCredentials(argv)).toThrow('must not be an argument')
  try {
    refuseCredentials(argv)
  } catch (error) {
    expect(String(error)).not.toMatch(/abc|eyJ|AAAA/)
  }
})

test('other arguments are none of that', () => {
  const others = ['search', 'token', '--token-file', 'x', 'eyJ is how tokens begin', 'ghk']
  expect(() => refuseCredentials(others)).not.toThrow()
})
