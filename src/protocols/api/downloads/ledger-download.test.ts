import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { fault } from '../../../platform/faults.ts'
import { createLogger } from '../../../platform/telemetry/logger.ts'
import { hostPolicy } from '../../http/door/allowed-hosts.ts'
import { listenOnPort } from '../../http/listen.ts'
import { httpServer } from '../../http/server.ts'
import { ledgerDownload } from './ledger-download.ts'

const extent = { rows: 2, sum_nano: '3', head: null, open_rows: 0, open_since: null }
const row = (cost_nano: string) => ({ id: 'c', usage: {}, per_million: {}, cost_nano, uncharged_nano: '0' })
const logged: unknown[] = []
const server = httpServer({
  log: createLogger('silent'),
  isHttps: false,
  hosts: hostPolicy({ publicUrl: 'http://127.0.0.1', isLocal: true, allowedHosts: [] }),
  limitAddress: () => Promise.resolve({ allowed: true, decisions: [] }),
})
let url: string
let pages: (() => unknown)[] = []
server.app.get(
  '/ledger.csv',
  ledgerDownload('csv', {
    log: { error: (...said: unknown[]) => void logged.push(said) },
    run: async () => (pages.shift() ?? (() => ({})))() as Record<string, unknown>,
  }),
)
beforeAll(async () => {
  url = `http://127.0.0.1:${await listenOnPort(server.app, { host: '127.0.0.1', port: 0 })}`
})
afterEach(() => void logged.splice(0))
afterAll(() => server.stop())

const download = () => fetch(`${url}/ledger.csv`)
const first = () => ({ rows: [row('1')], next_cursor: 'more', extent })
const last = () => ({ rows: [row('2')] })

test('all pages make one file', async () => {
  pages = [first, last]
  const text = await (await download()).text()
  expect(text.trimEnd().split('\r\n')).toHaveLength(3)
  expect(logged).toEqual([])
})

test.each([
  [
    'a page that fails',
    () => {
      throw fault('unavailable')
    },
  ],
  ['a row that is missing', () => ({ rows: [] })],
  ['an amount that is not the one that was counted', () => ({ rows: [row('1')] })],
])('%s breaks the connection: nobody has half a file that looks whole', async (_, page) => {
  pages = [first, page]
  const response = await download()
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow('terminated')
  expect(logged).toHaveLength(1)
})

test('a page that comes too soon is asked for again', async () => {
  const tooFast = () => {
    throw fault('rate_limited', { retryAfterMs: 1 })
  }
  pages = [first, tooFast, tooFast, last]
  expect(await (await download()).text()).toContain('\r\n')
  expect(pages).toEqual([])
})
