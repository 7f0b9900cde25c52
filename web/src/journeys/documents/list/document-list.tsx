// The documents there are, newest first, a page at a time.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useRef } from 'react'
import type { DocumentRow, Filter } from '../../../api/operations.gen.ts'
import { operationQuery } from '../../../api/operation-query.ts'
import { LinkButton } from '../../../parts/actions/button.tsx'
import { Pages } from '../../../parts/actions/pages.tsx'
import { Badge } from '../../../parts/shown/badge.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Table, type Column } from '../../../parts/shown/table.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import type { DocumentsParams } from '../documents-params.ts'
import { DocumentFilters } from './document-filters.tsx'
import { kindWords, languageWords } from './file-kind.ts'
import { useRowKeys } from './use-row-keys.ts'

const route = getRouteApi('/documents')
const PAGE = 50

export interface DocumentListProps {
  /** Shown where there is no document at all. */
  readonly empty: ReactNode
  /** What stands above it is not there yet, and would push it down. */
  readonly isHeld?: boolean
}

export function DocumentList({ empty, isHeld = false }: DocumentListProps) {
  const { after, ...params } = route.useSearch()
  const navigate = route.useNavigate()
  const filter = filterOf(params)
  const table = useRef<HTMLDivElement>(null)
  useRowKeys(table)
  const list = useQuery({
    ...operationQuery('list_documents', {
      limit: PAGE,
      ...(filter === undefined ? {} : { filter }),
      ...(after === undefined ? {} : { cursor: after }),
    }),
    placeholderData: keepPreviousData,
  })
  if (list.isError && list.data === undefined)
    return <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />
  if (list.data === undefined || isHeld) return <Waiting what="the documents" lines={8} />
  const { documents, next_cursor } = list.data
  const isAll = filter === undefined && after === undefined
  if (documents.length === 0 && isAll) return empty
  return (
    <>
      <DocumentFilters
        labels={distinct(documents.flatMap(({ labels }) => labels))}
        collections={distinct(documents.flatMap(({ collection }) => collection ?? []))}
      />
      {list.isError && <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />}
      {documents.length === 0 ? (
        <EmptyState
          title="No document meets this"
          action={
            <LinkButton to="/documents" look="strong">
              Show all documents
            </LinkButton>
          }
        >
          Take a condition away, or look at all of them.
        </EmptyState>
      ) : (
        <div ref={table} aria-busy={list.isPlaceholderData}>
          <Table
            caption="Documents"
            rows={documents}
            columns={COLUMNS}
            keyOf={({ document_id }) => document_id}
          />
        </div>
      )}
      <Pages
        of="documents"
        isFirst={after === undefined}
        hasNext={next_cursor !== undefined}
        onFirst={() => void navigate({ search: params })}
        onNext={() => void navigate({ search: { ...params, ...(next_cursor && { after: next_cursor }) } })}
      />
    </>
  )
}

function filterOf({ label, collection, type, language }: DocumentsParams): Filter | undefined {
  const filter: Filter = {
    ...(label === undefined ? {} : { labels: [label] }),
    ...(collection === undefined ? {} : { collections: [collection] }),
    ...(type === undefined ? {} : { file_types: [type] }),
    ...(language === undefined ? {} : { languages: [language] }),
  }
  return Object.keys(filter).length === 0 ? undefined : filter
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].toSorted((a, b) => a.localeCompare(b))
}

const COLUMNS: readonly Column<DocumentRow>[] = [
  { key: 'title', head: 'Title', cell: document => <TitleCell document={document} /> },
  { key: 'kind', head: 'Kind', cell: ({ file_type }) => kindWords(file_type), isMinor: true },
  { key: 'labels', head: 'Labels', cell: ({ labels }) => <LabelsCell labels={labels} /> },
  {
    key: 'collection',
    head: 'Collection',
    cell: ({ collection }) => <CollectionCell collection={collection} />,
    isMinor: true,
  },
  { key: 'language', head: 'Language', cell: ({ language }) => languageWords(language), isMinor: true },
  { key: 'version', head: 'Version', cell: ({ version }) => version, isFigure: true, isMinor: true },
  {
    key: 'updated',
    head: 'Updated',
    cell: ({ updated_at }) => <Time at={updated_at} />,
    isMinor: true,
  },
]

function TitleCell({ document }: { readonly document: DocumentRow }) {
  const { document_id, title, name } = document
  return (
    <div className="min-w-40 max-w-xl">
      <Link
        to="/documents/$documentId"
        params={{ documentId: document_id }}
        className="line-clamp-2 font-medium wrap-anywhere hover:underline"
      >
        <bdi>{title}</bdi>
      </Link>
      <span className="text-xs text-soft md:hidden">
        {kindWords(document.file_type)} · <Time at={document.updated_at} />
      </span>
      {name !== undefined && !isSaidBy(title, name) && (
        <span className="line-clamp-1 text-xs wrap-anywhere text-soft">
          <bdi>{name}</bdi>
        </span>
      )}
    </div>
  )
}

/** A file that has no title of its own is called by its name. */
function isSaidBy(title: string, name: string): boolean {
  return name === title || name.replace(/\.\w+$/, '') === title
}

/** More than fit are counted. */
const SHOWN_LABELS = 3

function LabelsCell({ labels }: { readonly labels: readonly string[] }) {
  const more = labels.length - SHOWN_LABELS
  return (
    <span className="flex flex-wrap gap-1">
      {labels.slice(0, SHOWN_LABELS).map(label => (
        <Link key={label} to="/documents" search={{ label }} title={`All documents with the label ${label}`}>
          <Badge>
            <bdi className="max-w-32 truncate">{label}</bdi>
          </Badge>
        </Link>
      ))}
      {more > 0 && <Badge title={labels.slice(SHOWN_LABELS).join(', ')}>+{more}</Badge>}
    </span>
  )
}

function CollectionCell({ collection }: { readonly collection: string | undefined }) {
  if (collection === undefined) return null
  return (
    <Link
      to="/documents"
      search={{ collection }}
      title={collection}
      className="block max-w-40 truncate hover:underline"
    >
      <bdi>{collection}</bdi>
    </Link>
  )
}
