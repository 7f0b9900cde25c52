// A form over the page. What was typed stays when the server refuses; what it says stands at the fields and above the
// buttons. It closes when the deed is done.
import { type ReactNode, useState } from 'react'
import { Button } from '../actions/button.tsx'
import { Dialog } from '../overlays/dialog.tsx'
import { ProblemNote } from '../shown/problem-note.tsx'
import { type WrongAt, wrongAt } from './wrong-at.ts'

export interface FormDialogProps {
  readonly title: string
  /** The deed by its name: "Create the key". */
  readonly deed: string
  readonly isOpen: boolean
  readonly onClose: () => void
  /** May answer `stay` to keep the form open. */
  readonly act: (form: FormData) => Promise<unknown>
  readonly children: (wrong: WrongAt) => ReactNode
  readonly isDanger?: boolean
  readonly isWide?: boolean
}

export function FormDialog({ title, isOpen, onClose, isWide = false, ...form }: FormDialogProps) {
  return (
    <Dialog {...{ title, isOpen, onClose, isWide }}>
      <FormInDialog {...form} onClose={onClose} />
    </Dialog>
  )
}

/** Its state is gone with the dialog: who opens it again begins anew. */
function FormInDialog({
  deed,
  onClose,
  act,
  children,
  isDanger = false,
}: Omit<FormDialogProps, 'title' | 'isOpen' | 'isWide'>) {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const submit = async (form: FormData) => {
    setBusy(true)
    setProblem(undefined)
    try {
      if ((await act(form)) !== 'stay') onClose()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="space-y-4"
      onSubmit={event => {
        event.preventDefault()
        if (!isBusy) void submit(new FormData(event.currentTarget))
      }}
    >
      {children(wrongAt(problem))}
      {problem !== undefined && <ProblemNote problem={problem} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look={isDanger ? 'danger' : 'strong'} isBusy={isBusy}>
          {deed}
        </Button>
      </div>
    </form>
  )
}

/** The text of a field, trimmed; undefined when nothing stands there. */
export function textOf(form: FormData, name: string): string | undefined {
  const value = form.get(name)
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' ? undefined : text
}
