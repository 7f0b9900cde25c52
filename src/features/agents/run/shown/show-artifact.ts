// Keeps what a step shows, and tells of it, in the caller's transaction.
import type { Writer } from '../../../../platform/db/database.ts'
import { sql } from '../../../../platform/db/statements.ts'
import { fault } from '../../../../platform/faults.ts'
import type { RunKey } from '../../../../platform/journal/journal.ts'
import { journalText } from '../../../../platform/journal/journal-text.ts'
import { tell } from '../../tasks/rows/task-events.ts'
import { given } from '../../tasks/rows/task-rows.ts'
import type { TaskPart } from '../../tasks/task-shape.ts'
import type { NewArtifact } from '../../workflows/workflow.ts'

/** Of one piece, as JSON: an event holds it, with a little around it. */
const MOST_CHARACTERS = 250_000

export interface ShownArtifact extends NewArtifact {
  readonly isFirst: boolean
  readonly isLast: boolean
}

/** One that was begun before begins anew: a step that was interrupted leaves nothing behind. */
export async function showArtifact(tx: Writer, key: RunKey, shown: ShownArtifact): Promise<void> {
  const { tenantId, streamId } = key
  const { id, name, description, metadata, parts, isFirst, isLast } = shown
  if (journalText(shown).length > MOST_CHARACTERS) throw tooLarge(name)
  await tell(tx, key, {
    kind: 'artifact',
    artifact_id: id,
    name,
    parts: [...parts],
    append: !isFirst,
    last: isLast,
    ...given({ description, metadata: metadata as Record<string, never> | undefined }),
  })
  if (isFirst) {
    await tx.run(sql`
      delete from app.task_artifact where tenant_id = ${tenantId} and task_id = ${streamId} and id = ${id}`)
    await tx.run(sql`
      insert into app.task_artifact (tenant_id, task_id, id, ordinal, name, description, metadata)
      select ${tenantId}, ${streamId}, ${id}, coalesce(max(a.ordinal), 0) + 1, ${name}, ${description ?? null},
        ${metadata === undefined ? null : journalText(metadata)}::jsonb
      from app.task_artifact a where a.tenant_id = ${tenantId} and a.task_id = ${streamId}`)
  }
  for (const part of parts) await addPart(tx, key, id, part)
}

async function addPart(
  tx: Writer,
  { tenantId, streamId }: RunKey,
  id: string,
  part: TaskPart,
): Promise<void> {
  await tx.run(sql`
    insert into app.task_artifact_part (tenant_id, task_id, artifact_id, ordinal, part)
    select ${tenantId}, ${streamId}, ${id}, coalesce(max(p.ordinal), 0) + 1, ${journalText(part)}::jsonb
    from app.task_artifact_part p
    where p.tenant_id = ${tenantId} and p.task_id = ${streamId} and p.artifact_id = ${id}`)
}

function tooLarge(name: string) {
  return fault('conflict', {
    reason: 'artifact_too_large',
    say: `The result “${name}” is larger than a task can show at once (${MOST_CHARACTERS} characters).`,
  })
}
