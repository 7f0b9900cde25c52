// The link with which somebody comes to own a tenant: shown once.
import { useState } from 'react'
import type { Output } from '../../../../api/call.ts'
import { SecretDialog } from '../../../../parts/forms/secret-once.tsx'
import { Time } from '../../../../parts/shown/time.tsx'

export interface OwnerLinkProps {
  readonly made: Output<'appoint_owner'> | undefined
  /** Of the tenant. */
  readonly name: string
  readonly onClose?: () => void
}

export function OwnerLink({ made, name, onClose }: OwnerLinkProps) {
  const [seen, setSeen] = useState<string>()
  const link = made?.link ?? undefined
  return (
    <SecretDialog
      title={`The owner of ${name}`}
      what="owner’s link"
      secret={link === seen ? undefined : link}
      onClose={() => {
        setSeen(link)
        onClose?.()
      }}
    >
      Send it to {made?.user} alone: whoever opens it first owns the tenant. It works once
      {typeof made?.expires_at === 'string' && (
        <>
          , until <Time at={made.expires_at} form="whole" />
        </>
      )}
      .
    </SecretDialog>
  )
}
