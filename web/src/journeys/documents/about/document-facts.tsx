// What is known about a document beside its text.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { operationQuery } from '../../../api/operation-query.ts'
import { Badge } from '../../../parts/shown/badge.tsx'
import { Card } from '../../../parts/shown/card.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { kindWords, languageWords } from '../list/file-kind.ts'
import type { DocumentPart } from '../reading/use-document-text.ts'

const LOOK_AGAIN_MS = 5_000

export function DocumentFacts({
  part,
  actions,
}: {
  readonly part: DocumentPart
  readonly actions?: ReactNode
}) {
  const { name, file_type, language, labels, collection, characters, page_starts, metadata } = part
  return (
    <Card title="About it" actions={actions}>
      <dl className="-my-1 grid grid-cols-[auto_1fr] gap-x-3 text-sm">
        {name !== undefined && (
          <Fact name="File">
            <bdi>{name}</bdi>
          </Fact>
        )}
        <Fact name="Kind">{kindWords(file_type)}</Fact>
        <Fact name="Language">{languageWords(language)}</Fact>
        <Fact name="Labels">
          {labels.length === 0 ? (
            <span className="text-soft">none</span>
          ) : (
            <span className="flex flex-wrap gap-1">
              {labels.map(label => (
                <Link key={label} to="/documents" search={{ label }} className="max-w-full">
                  <Badge>
                    <bdi className="max-w-40 truncate">{label}</bdi>
                  </Badge>
                </Link>
              ))}
            </span>
          )}
        </Fact>
        <Fact name="Collection">
          {collection === undefined ? (
            <span className="text-soft">none</span>
          ) : (
            <Link to="/documents" search={{ collection }} className="hover:underline">
              <bdi>{collection}</bdi>
            </Link>
          )}
        </Fact>
        <Fact name="Length">
          {characters.toLocaleString()} characters
          {page_starts !== undefined && `, ${page_starts.length.toLocaleString()} pages`}
        </Fact>
        {Object.entries(metadata).map(([key, value]) => (
          <Fact key={key} name={key}>
            <bdi>{String(value)}</bdi>
          </Fact>
        ))}
        <Fact name="Added">
          <Time at={part.created_at} />
        </Fact>
        <Fact name="Updated">
          <Time at={part.updated_at} />
        </Fact>
        <Fact name="Found by">
          <Findable documentId={part.document_id} />
        </Fact>
      </dl>
    </Card>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="max-w-28 py-1 wrap-anywhere text-soft">{name}</dt>
      <dd className="min-w-0 py-1 wrap-anywhere">{children}</dd>
    </>
  )
}

/** Words at once; likeness when the vectors of its passages have been made. */
function Findable({ documentId }: { readonly documentId: string }) {
  const { data } = useQuery({
    ...operationQuery('count_vectors', { documents: [documentId] }),
    refetchInterval: ({ state }) => (state.data?.documents[0]?.pending === 0 ? false : LOOK_AGAIN_MS),
  })
  const counts = data?.documents[0]
  if (counts === undefined) return 'words'
  const { passages, pending, waits_for } = counts
  if (pending === 0) return 'words and likeness'
  return (
    <span role="status">
      words; likeness for {(passages - pending).toLocaleString()} of {passages.toLocaleString()} passages{' '}
      <Badge tone="warn">vectors pending</Badge>
      {waits_for === 'budget_exceeded' && (
        <span className="block text-warn">The budget has no room for the rest.</span>
      )}
      {waits_for === 'price_unknown' && (
        <span className="block text-warn">They wait until the price of their model is known.</span>
      )}
    </span>
  )
}
