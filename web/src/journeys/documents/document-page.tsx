// One document: its text at the passage that is asked for, its versions, and what is known about it.
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { asProblem } from '../../api/problem.ts'
import { may, type Session, sessionQuery } from '../../api/session.ts'
import { Said } from '../../parts/forms/said.tsx'
import { Banner } from '../../parts/shown/banner.tsx'
import { Card } from '../../parts/shown/card.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'
import { MissingPage } from '../../shell/no-page.tsx'
import { AccessCard } from './about/access-card.tsx'
import { DocumentActions } from './about/document-actions.tsx'
import { DocumentFacts } from './about/document-facts.tsx'
import { BringPanel } from './bring/bring-panel.tsx'
import { useBringQueue } from './bring/use-bring-queue.ts'
import type { DocumentParams } from './documents-params.ts'
import { DocumentText } from './reading/document-text.tsx'
import {
  useDocumentText,
  type DocumentPart,
  type DocumentText as Loaded,
} from './reading/use-document-text.ts'
import { VersionChanges } from './reading/version-changes.tsx'
import { VersionList } from './reading/version-list.tsx'

const route = getRouteApi('/documents/$documentId')

export function DocumentPage() {
  const { documentId } = route.useParams()
  const { version, from, to, since } = route.useSearch()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const passage = useMemo(
    () => (from === undefined || to === undefined ? undefined : { start: from, end: to }),
    [from, to],
  )
  const loaded = useDocumentText({ documentId, version, passage })
  const [first, ...more] = loaded.data?.pages ?? []
  // Of a foreign document the page knows no more than of one that never was; so it is for an address that is no id.
  const code = loaded.error === null ? undefined : asProblem(loaded.error).code
  if (first === undefined && (code === 'not_found' || code === 'invalid_input')) return <MissingPage />
  if (first === undefined && loaded.isError)
    return (
      <>
        <PageHead title="Document" />
        <ProblemNote problem={loaded.error} onRetry={() => void loaded.refetch()} />
      </>
    )
  if (first === undefined) return <Waiting what="the document" lines={12} />
  return (
    <Shown
      key={documentId}
      session={session}
      loaded={loaded}
      parts={[first, ...more]}
      params={{ ...(from !== undefined && to !== undefined ? { from, to } : {}), ...(since && { since }) }}
    />
  )
}

interface ShownProps {
  readonly session: Session
  readonly loaded: Loaded
  readonly parts: readonly [DocumentPart, ...DocumentPart[]]
  readonly params: DocumentParams
}

function Shown({ session, loaded, parts, params }: ShownProps) {
  const [part] = parts
  const { document_id, title, version, current_version, warnings, name } = part
  const [said, setSaid] = useState('')
  const { queue, state } = useBringQueue()
  const own = state.files.filter(file => file.settings.documentId === document_id)
  const mayWrite = may(session, 'documents:write')
  const { from, to, since } = params
  const passage = useMemo(
    () => (from === undefined || to === undefined ? undefined : { start: from, end: to }),
    [from, to],
  )
  return (
    <>
      <PageHead
        title={title}
        lead={
          <>
            Version {version} of {current_version}
          </>
        }
        actions={<DocumentActions part={part} mayWrite={mayWrite} onDone={setSaid} />}
      />
      <Said>{said}</Said>
      <div className="mb-4 space-y-2 empty:hidden">
        {version < current_version && <OlderVersion part={part} />}
        {warnings.length > 0 && (
          <Banner kind="info">
            {warnings.map(words => (
              <p key={words}>{words}</p>
            ))}
          </Banner>
        )}
      </div>
      <BringPanel queue={queue} state={{ ...state, files: own }} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <Card title={since === undefined ? 'Text' : `Changes since version ${since}`}>
          <div className="max-w-2xl">
            {since === undefined ? (
              <DocumentText loaded={loaded} parts={parts} passage={passage} />
            ) : (
              <VersionChanges documentId={document_id} from={since} to={version} />
            )}
          </div>
        </Card>
        <div className="space-y-4 lg:sticky lg:top-6">
          <DocumentFacts part={part} />
          <VersionList documentId={document_id} version={version} name={name ?? title} />
          {mayWrite && <AccessCard session={session} documentId={document_id} onDone={setSaid} />}
        </div>
      </div>
    </>
  )
}

function OlderVersion({ part }: { readonly part: DocumentPart }) {
  const { document_id: documentId, version, current_version } = part
  const link = 'font-medium underline underline-offset-2'
  return (
    <Banner kind="warn">
      This is version {version}, as it was quoted; there is a newer one.{' '}
      <Link to="/documents/$documentId" params={{ documentId }} className={link}>
        Show version {current_version}
      </Link>{' '}
      or{' '}
      <Link to="/documents/$documentId" params={{ documentId }} search={{ since: version }} className={link}>
        what changed since
      </Link>
      .
    </Banner>
  )
}
