// What can be done with a document.
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { FilePlus2, Pencil, SearchX, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { call } from '../../../api/call.ts'
import { Button, LinkButton } from '../../../parts/actions/button.tsx'
import { Confirm } from '../../../parts/overlays/confirm.tsx'
import { chosenFiles } from '../bring/dropped-files.ts'
import { useBringQueue } from '../bring/use-bring-queue.ts'
import type { DocumentPart } from '../reading/use-document-text.ts'
import { DescribeDialog } from './describe-dialog.tsx'
import { STALE } from './stale.ts'

export interface DocumentActionsProps {
  readonly part: DocumentPart
  readonly mayWrite: boolean
  readonly onDone: (words: string) => void
}

export function DocumentActions({ part, mayWrite, onDone }: DocumentActionsProps) {
  const [open, setOpen] = useState<'describe' | 'delete'>()
  return (
    <>
      {/* Its own title is a question to begin with. */}
      <LinkButton to="/search" search={{ q: part.title.slice(0, 200), why: part.document_id }}>
        <SearchX size={14} aria-hidden="true" /> Why is it found, or not?
      </LinkButton>
      {mayWrite && (
        <>
          <NewVersion documentId={part.document_id} />
          <Button onClick={() => setOpen('describe')}>
            <Pencil size={14} aria-hidden="true" /> Change
          </Button>
          <Button look="danger" onClick={() => setOpen('delete')}>
            <Trash2 size={14} aria-hidden="true" /> Delete
          </Button>
          <DescribeDialog
            part={part}
            isOpen={open === 'describe'}
            onClose={() => setOpen(undefined)}
            onDone={onDone}
          />
          <DeleteDialog part={part} isOpen={open === 'delete'} onClose={() => setOpen(undefined)} />
        </>
      )}
    </>
  )
}

/** A file that becomes the next version, whatever it is called. */
function NewVersion({ documentId }: { readonly documentId: string }) {
  const { queue } = useBringQueue()
  const input = useRef<HTMLInputElement>(null)
  const settings = { labels: [], collection: undefined, access: undefined, isNextVersion: true, documentId }
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="The file of the new version"
        onChange={event => {
          queue.add(chosenFiles(event.currentTarget.files), settings)
          event.currentTarget.value = ''
        }}
      />
      <Button onClick={() => input.current?.click()}>
        <FilePlus2 size={14} aria-hidden="true" /> New version
      </Button>
    </>
  )
}

interface DeleteDialogProps {
  readonly part: DocumentPart
  readonly isOpen: boolean
  readonly onClose: () => void
}

function DeleteDialog({ part, isOpen, onClose }: DeleteDialogProps) {
  const navigate = useNavigate()
  const client = useQueryClient()
  return (
    <Confirm
      title="Delete this document?"
      deed="Delete the document"
      isOpen={isOpen}
      onClose={onClose}
      act={async () => {
        await call('delete_document', { document_id: part.document_id })
        await navigate({ to: '/documents' })
        for (const queryKey of STALE) void client.invalidateQueries({ queryKey })
      }}
    >
      <p className="wrap-anywhere">
        <bdi className="font-medium">{part.title}</bdi> goes with all its versions, for good. No search finds
        it any more, and answers that quote it lead nowhere.
      </p>
    </Confirm>
  )
}
