// A key that was just made: the one time it is shown.
import { SecretDialog } from '../../../parts/forms/secret-once.tsx'
import { Time } from '../../../parts/shown/time.tsx'

export interface KeyMadeProps {
  readonly what: string
  readonly made:
    | { readonly key: string; readonly name: string; readonly expires_at: string | null }
    | undefined
  readonly onClose: () => void
}

export function KeyMade({ what, made, onClose }: KeyMadeProps) {
  return (
    <SecretDialog title={`Your ${what} ${made?.name ?? ''}`} what={what} secret={made?.key} onClose={onClose}>
      Programs send it as <code className="font-mono">Authorization: Bearer …</code>. It works{' '}
      {typeof made?.expires_at !== 'string' ? (
        'until it is revoked'
      ) : (
        <>
          until <Time at={made.expires_at} form="day" />
        </>
      )}
      . Whoever has it can do what it allows: keep it where other secrets are, not in code.
    </SecretDialog>
  )
}
