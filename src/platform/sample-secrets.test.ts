import { describe, expect, test } from 'vitest'
import { loadConfig } from './config.ts'
import { isSampleSecret } from './sample-secrets.ts'

const at = (password: string, host = 'db.internal') => `postgres://app:${password}@${host}:5432/gatehouse`
const GOOD = at('vT8u-Qm2x9')

function refusal(env: Record<string, string>): string {
  try {
    loadConfig(env)
    return 'accepted'
  } catch (error) {
    return (error as Error & { say: string }).say
  }
}

describe('AU30: no process starts with a secret that everybody knows', () => {
  test.each(['changeme', 'Change-Me', 'passwd', 'passwd123', 'admin', 'app-secret', 'p%61sswd'])(
    'the database password %s is refused, by the name of the setting and without being quoted',
    password => {
      const say = refusal({ DATABASE_URL: GOOD, DATABASE_OWNER_URL: at(password) })
      expect(say).toContain('DATABASE_OWNER_URL has a password')
      expect(say).not.toContain('DATABASE_URL has')
      expect(say.toLowerCase()).not.toContain(password.toLowerCase())
    },
  )

  test('each is named', () => {
    const say = refusal({
      DATABASE_URL: at('changeme'),
      DATABASE_OWNER_URL: at('changeme'),
      DATABASE_WORKER_URL: at('secret'),
      DATABASE_ADMIN_URL: at('admin'),
      OPENAI_API_KEY: 'changeme',
      GATEHOUSE_SEAL_KEYS: `k1:${'A'.repeat(43)}`,
    })
    for (const name of ['DATABASE_URL', 'DATABASE_OWNER_URL', 'DATABASE_WORKER_URL', 'DATABASE_ADMIN_URL'])
      expect(say).toContain(`${name} has a password`)
    expect(say).toContain('OPENAI_API_KEY is a placeholder')
    expect(say).toContain('GATEHOUSE_SEAL_KEYS has a key that was not drawn at random')
  })

  test('a seal key of text, "changeme" or a repeated letter is no key', () => {
    expect(refusal({ GATEHOUSE_SEAL_KEYS: 'changeme' })).toContain('GATEHOUSE_SEAL_KEYS must be')
    const words = Buffer.from('changeme'.repeat(4)).toString('base64url')
    expect(refusal({ GATEHOUSE_SEAL_KEYS: `k1:${words}` })).toContain('not drawn at random')
  })

  test('secrets of one’s own are accepted, and simple ones for a database on this host', () => {
    expect(refusal({ DATABASE_URL: GOOD })).toBe('accepted')
    for (const host of ['127.0.0.1', 'localhost', '[::1]'])
      expect(refusal({ DATABASE_URL: at('postgres', host) })).toBe('accepted')
    expect(refusal({ DATABASE_URL: 'postgres://app@db.internal/gatehouse' })).toBe('accepted')
  })
})

test('a secret that merely has such a word in it is none of them', () => {
  for (const text of ['my-secret-garden', 'adminBq7', 'vT8u-Qm2x9', ''])
    expect(isSampleSecret(text)).toBe(false)
})
