// Asks before what cannot be undone. What goes wrong is said where it was asked for.
import { type ReactNode, useState } from 'react'
import { Button } from '../actions/button.tsx'
import { ProblemNote } from '../shown/problem-note.tsx'
import { Dialog } from './dialog.tsx'

export interface ConfirmProps {
  readonly title: string
  /** What will happen, and what will not come back. */
  readonly children: ReactNode
  /** The deed by its name: "Delete the document", never "OK". */
  readonly deed: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly act: () => Promise<unknown>
}

export function Confirm({ title, children, deed, isOpen, onClose, act }: ConfirmProps) {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const close = () => {
    setProblem(undefined)
    onClose()
  }
  const run = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await act()
      onClose()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog title={title} isOpen={isOpen} onClose={close}>
      <div className="space-y-4 text-base">
        <div>{children}</div>
        {problem !== undefined && <ProblemNote problem={problem} />}
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Keep it</Button>
          <Button look="danger" isBusy={isBusy} onClick={() => void run()}>
            {deed}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
