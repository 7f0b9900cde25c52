import { expect, test } from 'vitest'
import { asFault, fault, type Fault } from '../../platform/faults.ts'
import { actingIn, type Ask } from './acting-in.ts'

function scripted(answers: (Fault | 'ok')[]) {
  const bearers: (string | undefined)[] = []
  const pauses: number[] = []
  let signed = 0
  const ask: Ask = async (_operation, _input, options) => {
    bearers.push(options?.token)
    const answer = answers.shift() ?? 'ok'
    if (answer !== 'ok') throw answer
    return { ok: true }
  }
  const caller = actingIn(
    { tenant: 'acme', user: 'ada' },
    {
      ask,
      run: async (operation, input) => {
        expect([operation, input]).toEqual([
          'create_token',
          { tenant: 'acme', user: 'ada', scopes: ['documents:read', 'documents:write'], audience: 'api' },
        ])
        return { token: `t${++signed}`, expires_at: new Date(Date.now() + 3_600_000).toISOString() }
      },
      pause: async ms => void pauses.push(ms),
    },
  )
  return { caller, bearers, pauses, signed: () => signed }
}

test('all calls share one token', async () => {
  const { caller, bearers, signed } = scripted([])
  await caller.ready()
  await Promise.all([caller.run('a', {}), caller.run('b', {}), caller.run('c', {})])
  expect(bearers).toEqual(['t1', 't1', 't1'])
  expect(signed()).toBe(1)
})

test('a call that came too fast waits as long as it is told, as often as it is told', async () => {
  const limited = (retryAfterMs: number) => fault('rate_limited', { retryAfterMs })
  const { caller, pauses } = scripted([limited(40), limited(70), fault('rate_limited'), 'ok'])
  expect(await caller.run('a', {})).toEqual({ ok: true })
  expect(pauses).toEqual([40, 70, 1_000])
})

test('a refused token is replaced once for all calls that used it', async () => {
  const refused = fault('unauthenticated')
  const { caller, bearers, signed } = scripted([refused, refused, refused])
  await Promise.all([caller.run('a', {}), caller.run('b', {}), caller.run('c', {})])
  expect(Map.groupBy(bearers, one => one).get('t1')).toHaveLength(3)
  expect(Map.groupBy(bearers, one => one).get('t2')).toHaveLength(3)
  expect(signed()).toBe(2)
})

test('a new token that is refused too is the caller’s to hear of', async () => {
  const { caller, signed } = scripted([fault('unauthenticated'), fault('unauthenticated')])
  await expect(caller.run('a', {})).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(signed()).toBe(2)
})

test('every other refusal is passed on as it is', async () => {
  const { caller, pauses } = scripted([fault('conflict', { reason: 'wrong_offset' })])
  const refused = await caller.run('a', {}).catch(asFault)
  expect(refused).toMatchObject({ code: 'conflict', reason: 'wrong_offset' })
  expect(pauses).toEqual([])
})
