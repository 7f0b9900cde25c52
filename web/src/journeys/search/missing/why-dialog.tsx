// "Why is this document not here?", and why one is: the document, then the verdict.
import { useRef } from 'react'
import { Button } from '../../../parts/actions/button.tsx'
import { Dialog } from '../../../parts/overlays/dialog.tsx'
import type { Input } from '../../../api/call.ts'
import { DocumentPicker } from './document-picker.tsx'
import { Verdict } from './verdict.tsx'

export interface WhyDialogProps {
  /** The search as it was asked. */
  readonly asked: Omit<Input<'explain_search'>, 'document'>
  /** Undefined: nobody asks; empty: the document is still to be chosen. */
  readonly document: string | undefined
  readonly onDocument: (document: string | undefined) => void
}

export function WhyDialog({ asked, document, onDocument }: WhyDialogProps) {
  const field = useRef<HTMLInputElement>(null)
  const isChosen = document !== undefined && document !== ''
  return (
    <Dialog
      title={isChosen ? 'Why it stands where it stands' : 'Is a document missing?'}
      isOpen={document !== undefined}
      onClose={() => onDocument(undefined)}
      isWide={isChosen}
      initialFocus={field}
    >
      {isChosen ? (
        <div className="space-y-4">
          <Verdict asked={{ ...asked, document }} />
          <Button onClick={() => onDocument('')}>Ask about another document</Button>
        </div>
      ) : (
        <DocumentPicker field={field} onPick={onDocument} />
      )}
    </Dialog>
  )
}
