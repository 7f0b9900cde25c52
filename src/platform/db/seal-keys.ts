// The seal's keys: on disk (owner-only) or in the environment for the processes that mint, as HMAC pads in a
// table that only the seal functions read. Two at most: the one that signs, and the one before it, which the
// database still accepts until the next rotation, so that processes may change over one after the other.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fault } from '../faults.ts'
import { refuseReadableByOthers, writePrivateFile } from '../private-file.ts'
import type { OwnerDatabase } from './database.ts'
import { pads, type SealKey } from './seal.ts'
import { sql } from './statements.ts'

/** The ring, newest first; `current` signs. */
export interface SealKeyRing {
  current(): SealKey
  all(): readonly SealKey[]
  /** A new key that signs from the next transaction on; the one before stays accepted, older ones go. */
  rotate(owner: OwnerDatabase): Promise<SealKey>
}

/** Reads `id:base64url,id:base64url`, newest first. */
export function parseSealKeys(text: string): SealKey[] {
  return text.split(',').map(entry => {
    const [id = '', encoded = ''] = entry.trim().split(':')
    const secret = Buffer.from(encoded, 'base64url')
    if (!/^[a-z0-9]{1,16}$/.test(id) || secret.length < 32) {
      throw fault('invalid_input', {
        say: 'a seal key is <id>:<at least 32 bytes, base64url>; make one with: gatehouse key create-seal',
      })
    }
    return { id, secret: secret.subarray(0, 64) }
  })
}

export function formatSealKeys(keys: readonly SealKey[]): string {
  return keys.map(key => `${key.id}:${key.secret.toString('base64url')}`).join(',')
}

export function newSealKey(): SealKey {
  return { id: `k${Date.now().toString(36)}${randomBytes(2).toString('hex')}`, secret: randomBytes(32) }
}

/** Keys given by the environment: fixed for the life of the process; rotation is a change of the variable. */
export function fixedSealKeys(text: string): SealKeyRing {
  const keys = parseSealKeys(text)
  return {
    current: () => keys[0] as SealKey,
    all: () => keys,
    rotate: () =>
      Promise.reject(
        fault('unsupported', {
          say: 'The seal keys come from GATEHOUSE_SEAL_KEYS: put the new key in second place and run migrate, then in first place in every process, then drop the old one and run migrate again.',
        }),
      ),
  }
}

/** Keys kept in a file of the data folder, made at the first start. */
export async function sealKeysIn(file: string): Promise<SealKeyRing> {
  let keys = await readKeys(file)
  if (keys === undefined) {
    keys = [newSealKey()]
    await writePrivateFile(file, formatSealKeys(keys))
  }
  let ring: readonly SealKey[] = keys
  async function rotateOnce(owner: OwnerDatabase): Promise<SealKey> {
    const next: [SealKey, SealKey] = [newSealKey(), ring[0] as SealKey]
    // The database learns the key before anything is signed with it; a crash in between leaves an unused key.
    await publishSealKeys(owner, next, 'replace')
    await writePrivateFile(file, formatSealKeys(next))
    ring = next
    return next[0]
  }
  // One after the other: of two at once, the later would take back the key that the earlier has begun to sign with.
  let last: Promise<unknown> = Promise.resolve()
  return {
    current: () => ring[0] as SealKey,
    all: () => ring,
    rotate(owner) {
      const rotated = last.then(() => rotateOnce(owner))
      last = rotated.catch(() => undefined)
      return rotated
    },
  }
}

async function readKeys(file: string): Promise<SealKey[] | undefined> {
  try {
    await refuseReadableByOthers(file)
    return parseSealKeys((await readFile(file, 'utf8')).trim())
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Tells the database which keys to accept: these too (`add`, what a starting process does), or these alone
 * (`replace`, what `migrate` and a rotation do).
 */
export async function publishSealKeys(
  owner: OwnerDatabase,
  keys: readonly SealKey[],
  mode: 'add' | 'replace',
): Promise<void> {
  await owner.transaction(async tx => {
    await tx.run(sql`lock table app.seal_key in share row exclusive mode`)
    for (const key of keys) {
      const { inner, outer } = pads(key.secret)
      await tx.run(sql`insert into app.seal_key (id, inner_pad, outer_pad) values (${key.id}, ${inner}, ${outer})
        on conflict (id) do update set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad`)
    }
    if (mode === 'replace')
      await tx.run(sql`delete from app.seal_key where not id = any(${keys.map(key => key.id)})`)
  })
}
