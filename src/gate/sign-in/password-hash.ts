// Passwords are kept as scrypt hashes. One hash takes 32 MiB and some 80 ms of a core, so two are computed at once in
// this process and a few wait: a flood of attempts can neither fill the memory nor take all cores.
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { promisify } from 'node:util'
import { fault } from '../../platform/faults.ts'

export interface PasswordHasher {
  /** The password as text for the table: `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`. Throws `rate_limited` when too many wait. */
  hash(password: string): Promise<string>
  /**
   * Whether the password is the one that was hashed. Without a hash (an unknown or unfinished account) it takes as
   * long and the answer is no. `isOutdated`: hash it again, the parameters have grown since.
   */
  verify(password: string, stored: string | null): Promise<{ isRight: boolean; isOutdated: boolean }>
}

export interface HashCost {
  /** Binary logarithm of scrypt's N. */
  readonly ln: number
  readonly r: number
  readonly p: number
}

export interface PasswordHasherOptions {
  readonly cost?: HashCost
  readonly atOnce?: number
  readonly waiting?: number
}

const COST: HashCost = { ln: 15, r: 8, p: 1 }
const SALT_BYTES = 16
const HASH_BYTES = 32
/** A stored hash is ours, but whoever could write the table must not be able to make us compute for hours. */
const MAX_LN = 18
const STORED =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,44}={0,2})\$([A-Za-z0-9+/]{43}=?)$/

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

export function passwordHasher({
  cost = COST,
  atOnce = 2,
  waiting = 16,
}: PasswordHasherOptions = {}): PasswordHasher {
  const inTurn = turns(atOnce, waiting)
  const nobody = written(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES))
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES)
      return written(cost, salt, await inTurn(() => derived(password, salt, cost)))
    },
    async verify(password, stored) {
      const known = read(stored ?? nobody)
      const computed = await inTurn(() => derived(password, known.salt, known.cost))
      const isRight = timingSafeEqual(computed, known.hash) && stored !== null
      const { ln, r, p } = known.cost
      return { isRight, isOutdated: ln < cost.ln || r < cost.r || p < cost.p }
    },
  }
}

/** One password typed on two keyboards may be two sequences of code points; NFKC makes them one. */
function derived(password: string, salt: Buffer, { ln, r, p }: HashCost): Promise<Buffer> {
  const N = 2 ** ln
  return scryptAsync(password.normalize('NFKC'), salt, HASH_BYTES, { N, r, p, maxmem: 256 * N * r })
}

function written({ ln, r, p }: HashCost, salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64')}$${hash.toString('base64')}`
}

function read(stored: string): { cost: HashCost; salt: Buffer; hash: Buffer } {
  const [, ln, r, p, salt = '', hash = ''] = STORED.exec(stored) ?? []
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  if (!(cost.ln <= MAX_LN)) throw fault('internal', { detail: 'a stored password hash cannot be read' })
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

/** Runs `atOnce` pieces of work at a time, in the order they came; refuses who would be the (waiting + 1)th in line. */
function turns(atOnce: number, waiting: number) {
  const line: (() => void)[] = []
  let running = 0
  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) {
      if (line.length >= waiting) throw tooManyAtOnce()
      const { promise, resolve } = Promise.withResolvers<void>()
      line.push(resolve)
      await promise
    } else running++
    try {
      return await work()
    } finally {
      // The place is handed over, not freed: nobody who comes now is served before who waits.
      const next = line.shift()
      if (next === undefined) running--
      else next()
    }
  }
}

const tooManyAtOnce = () =>
  fault('rate_limited', {
    reason: 'passwords_busy',
    retryAfterMs: 2_000,
    say: 'Many people are signing in right now; try again in 2 s.',
  })
