// A secret that is shown this once: masked until somebody asks to see it, so that no one reads it over a shoulder.
import { Eye, EyeOff } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { Button } from '../actions/button.tsx'
import { CopyButton } from '../actions/copy-button.tsx'
import { Dialog } from '../overlays/dialog.tsx'
import { Banner } from '../shown/banner.tsx'

export interface SecretOnceProps {
  /** What it is, as in "API key". */
  readonly what: string
  readonly secret: string
}

const SHOWN_END = 4

export function SecretOnce({ what, secret }: SecretOnceProps) {
  const [isShown, setShown] = useState(false)
  const id = useId()
  const Icon = isShown ? EyeOff : Eye
  const masked = `${'•'.repeat(24)}${secret.slice(-SHOWN_END)}`
  return (
    <div>
      <p id={id} className="mb-1 text-sm font-medium">
        {`${what.charAt(0).toUpperCase()}${what.slice(1)}`}
      </p>
      <div className="flex flex-wrap items-center gap-1 rounded-md border border-edge bg-sunken p-1 pl-2.5">
        {/* Wraps anywhere: a secret has no words. */}
        <code aria-labelledby={id} className="min-w-0 flex-1 basis-56 font-mono text-sm break-all">
          {isShown ? secret : masked}
        </code>
        <Button look="quiet" aria-pressed={isShown} onClick={() => setShown(shown => !shown)}>
          <Icon size={14} aria-hidden="true" /> {isShown ? 'Hide' : 'Show'}
        </Button>
        <CopyButton text={secret} what={`the ${what}`} />
      </div>
    </div>
  )
}

export interface SecretDialogProps {
  readonly title: string
  /** Undefined: closed. */
  readonly secret: string | undefined
  readonly what: string
  readonly onClose: () => void
  /** What to do with it, until when it works. */
  readonly children?: ReactNode
}

export function SecretDialog({ title, secret, what, onClose, children }: SecretDialogProps) {
  return (
    <Dialog title={title} isOpen={secret !== undefined} onClose={onClose}>
      <div className="space-y-4">
        <Banner kind="warn">Copy it now. It is shown this once and cannot be looked up again.</Banner>
        {secret !== undefined && <SecretOnce {...{ what, secret }} />}
        {children !== undefined && <div className="text-sm text-soft">{children}</div>}
        <div className="flex justify-end">
          <Button look="strong" onClick={onClose}>
            I have copied it
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
