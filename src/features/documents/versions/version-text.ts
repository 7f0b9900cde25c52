// The text of a version, in pieces: written as it comes, read as a stream or in part, never held whole.
import type { Reader, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { VersionKey } from './stage-chunks.ts'

/** UTF-16 code units at most in one piece. */
const PIECE = 65_536
const PIECES_PER_READ = 16

/** Puts text in that starts at `startAt` of the version; cut into pieces, never through a surrogate pair. */
export async function insertText(tx: Writer, key: VersionKey, startAt: number, text: string): Promise<void> {
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += pieces.at(-1)?.length ?? 0) pieces.push(pieceAt(text, at))
  let start = startAt
  const starts = pieces.map(piece => (start += piece.length) - piece.length)
  await tx.run(sql`
    insert into app.version_text (tenant_id, version_id, start_at, content)
    select ${key.tenant_id}, ${key.version_id}, start_at, content
    from unnest(${starts}::int[], ${pieces}::text[]) as p (start_at, content)`)
}

function pieceAt(text: string, at: number): string {
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(at + PIECE - 1)) && at + PIECE < text.length
  return text.slice(at, at + (splitsPair ? PIECE - 1 : PIECE))
}

/** The pieces of a whole text in order, a few a transaction: none is open while the consumer works. */
export async function* readText(
  read: <T>(fn: (tx: Reader) => Promise<T>) => Promise<T>,
  { tenant_id, version_id }: VersionKey,
): AsyncGenerator<string> {
  for (let after = -1; ; ) {
    const pieces = await read(tx =>
      tx.all(sql<{ start_at: number; content: string }>`
        select start_at, content from app.version_text
        where tenant_id = ${tenant_id} and version_id = ${version_id} and start_at > ${after}
        order by start_at limit ${PIECES_PER_READ}`),
    )
    for (const { content } of pieces) yield content
    const last = pieces.at(-1)
    if (last === undefined || pieces.length < PIECES_PER_READ) return
    after = last.start_at
  }
}

/** text[start, end) of a version, in UTF-16 code units. */
export async function textRange(
  tx: Reader,
  { tenant_id, version_id }: VersionKey,
  start: number,
  end: number,
): Promise<string> {
  const pieces = await tx.all(sql<{ start_at: number; content: string }>`
    select start_at, content from app.version_text
    where tenant_id = ${tenant_id} and version_id = ${version_id} and start_at < ${end}
      and start_at >= coalesce((
        select max(start_at) from app.version_text
        where tenant_id = ${tenant_id} and version_id = ${version_id} and start_at <= ${start}), 0)
    order by start_at`)
  const first = pieces[0]?.start_at ?? 0
  return pieces
    .map(({ content }) => content)
    .join('')
    .slice(start - first, end - first)
}

export async function deleteText(tx: Writer, { tenant_id, version_id }: VersionKey): Promise<void> {
  await tx.run(
    sql`delete from app.version_text where tenant_id = ${tenant_id} and version_id = ${version_id}`,
  )
}
