// Heads of audits in a file: whoever keeps one where the database's owner cannot reach it can prove later that nothing
// before it was rewritten.
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { Head } from '../../../features/audit/chain/verification.ts'
import { fault } from '../../../platform/faults.ts'
import { writePrivateFile } from '../../../platform/private-file.ts'
import type { Verification } from './audited.ts'

const SavedHeads = z.array(z.strictObject({ audit: z.string(), ...Head.shape, saved_at: z.iso.datetime() }))
export type SavedHeads = z.output<typeof SavedHeads>

/** Replaces the file in one step. Audits without a row yet have no head to save. */
export async function saveHeads(
  file: string,
  verified: readonly Verification[],
  now = new Date(),
): Promise<void> {
  const saved = verified.flatMap(({ audit, head }) =>
    head === null ? [] : [{ audit, ...head, saved_at: now.toISOString() }],
  )
  await writePrivateFile(file, `${JSON.stringify(saved, null, 2)}\n`)
}

export async function loadHeads(file: string): Promise<SavedHeads> {
  try {
    return SavedHeads.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    throw fault('invalid_input', {
      reason: 'not_saved_heads',
      say: `${file} holds no heads that "audit verify --save-head" has written.`,
      because: error,
    })
  }
}
