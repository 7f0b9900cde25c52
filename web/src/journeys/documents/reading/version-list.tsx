// Every version a document ever had: each opens as it was, and shows what changed up to it.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { operationQuery } from '../../../api/operation-query.ts'
import { Badge } from '../../../parts/shown/badge.tsx'
import { Card } from '../../../parts/shown/card.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { DownloadButton } from './download-button.tsx'

export interface VersionListProps {
  readonly documentId: string
  /** The one that is shown. */
  readonly version: number
  /** What a downloaded file is called. */
  readonly name: string
}

export function VersionList({ documentId, version, name }: VersionListProps) {
  const list = useQuery(operationQuery('list_versions', { document_id: documentId, limit: 100 }))
  const shown = list.data?.versions.find(one => one.version === version)
  return (
    <Card title="Versions">
      {list.isError && <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Waiting what="the versions" lines={2} />}
      {list.data !== undefined && (
        <ol className="-my-1 max-h-64 overflow-auto text-sm">
          {list.data.versions.map((one, index) => {
            const before = list.data.versions[index + 1]
            return (
              <li key={one.version} className="flex flex-wrap items-baseline gap-x-2 py-1">
                <Link
                  to="/documents/$documentId"
                  params={{ documentId }}
                  search={one.is_current ? {} : { version: one.version }}
                  aria-current={one.version === version ? 'true' : undefined}
                  className="font-medium text-accent underline-offset-2 hover:underline aria-[current]:font-bold aria-[current]:text-ink"
                >
                  Version {one.version}
                </Link>
                {one.is_current && <Badge tone="good">newest</Badge>}
                <span className="text-xs text-soft">
                  <Time at={one.created_at} />
                </span>
                {before !== undefined && (
                  <Link
                    to="/documents/$documentId"
                    params={{ documentId }}
                    search={{ version: one.version, since: before.version }}
                    className="ml-auto text-xs text-accent underline-offset-2 hover:underline"
                    aria-label={`What changed from version ${before.version} to ${one.version}`}
                  >
                    changes
                  </Link>
                )}
              </li>
            )
          })}
        </ol>
      )}
      {list.data?.next !== undefined && <p className="text-xs text-soft">Only the newest 100 are listed.</p>}
      {shown?.original !== undefined && (
        <div className="mt-3 border-t border-line pt-3">
          <DownloadButton original={{ documentId, version, name }} size={shown.original.size} />
          <p className="mt-1 font-mono text-2xs wrap-anywhere text-soft">SHA-256 {shown.original.sha256}</p>
        </div>
      )}
    </Card>
  )
}
