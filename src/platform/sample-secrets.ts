// Secrets that stand in every manual and every list of guesses: no process starts with one of them.

/** Compared in lower case and without separators. */
const SAMPLES = new Set([
  'changeme',
  'changeit',
  'replaceme',
  'password',
  'passwd',
  'secret',
  'example',
  'admin',
  'root',
  'test',
  'demo',
  'default',
  'gatehouse',
  // The README's.
  'appsecret',
  'ownersecret',
  'workersecret',
  'letmein',
  'qwerty',
  '123456',
  '12345678',
])

/** Whether a text is one of them, however it is spelt: "Change-Me!", "password1". */
export function isSampleSecret(text: string): boolean {
  const bare = text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return SAMPLES.has(bare) || SAMPLES.has(bare.replace(/\d+$/, ''))
}

/** Whether a key of 32 bytes or more is so regular that nobody drew it at random: eight different bytes, or fewer. */
export function isNoRandomKey(bytes: Uint8Array): boolean {
  return new Set(bytes).size <= 8
}

/**
 * What is wrong with the secrets among the settings, by the name of each; never what they are. A database on this very
 * host may have a simple password: whoever could try it is here already.
 */
export function sampleSecretsIn(settings: Readonly<Record<string, unknown>>): string[] {
  const given = (names: readonly string[]) =>
    names.flatMap(name => {
      const value = settings[name]
      return typeof value === 'string' ? [{ name, value }] : []
    })
  return [
    ...given(DATABASES)
      .filter(({ value }) => isGuessable(value))
      .map(({ name }) => `${name} has a password that stands in every list of guesses: choose another`),
    ...given(KEYS)
      .filter(({ value }) => isSampleSecret(value))
      .map(({ name }) => `${name} is a placeholder, not a key`),
    ...given(['GATEHOUSE_SEAL_KEYS'])
      .filter(({ value }) => bytesOf(value).some(isNoRandomKey))
      .map(({ name }) => `${name} has a key that was not drawn at random: run gatehouse key create-seal`),
  ]
}

const KEYS = ['OPENAI_API_KEY', 'GATEHOUSE_TOKEN']
const DATABASES = [
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'DATABASE_WORKER_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_ADMIN_URL',
]

/** Of `<id>:<base64url>, …`. */
function bytesOf(sealKeys: string): Uint8Array[] {
  return sealKeys.split(',').map(key => Buffer.from(key.slice(key.indexOf(':') + 1).trim(), 'base64url'))
}

function isGuessable(databaseUrl: string): boolean {
  const { hostname, password } = new URL(databaseUrl)
  return !LOOPBACK.test(hostname) && isSampleSecret(decoded(password))
}

/** Also no host at all: a socket of this host. */
const LOOPBACK = /^(|localhost|127(\.\d+){3}|\[::1\])$/

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
