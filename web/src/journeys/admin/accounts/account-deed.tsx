// What an operator does with an account.
import { useState } from 'react'
import { useChange } from '../../../api/operation-query.ts'
import type { AccountRow } from '../../../api/operations.gen.ts'
import { FormDialog, textOf } from '../../../parts/forms/form-dialog.tsx'
import { SecretDialog } from '../../../parts/forms/secret-once.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { Confirm } from '../../../parts/overlays/confirm.tsx'
import { Banner } from '../../../parts/shown/banner.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import type { RowDeed } from './accounts-table.tsx'

export type AccountDoing =
  | { readonly deed: 'invite' }
  | { readonly deed: RowDeed; readonly account: AccountRow }

interface DeedProps {
  readonly onSaid: (words: string) => void
  readonly onClose: () => void
}

export interface AccountDeedProps extends DeedProps {
  readonly doing: AccountDoing
  /** The id of whoever does it. */
  readonly self: string
}

export function AccountDeed({ doing, self, ...rest }: AccountDeedProps) {
  if (doing.deed === 'invite') return <InviteOperator {...rest} />
  const { account } = doing
  if (doing.deed === 'reset') return <ResetAccount account={account} {...rest} />
  if (doing.deed === 'enable') return <EnableAccount account={account} {...rest} />
  return <DisableAccount account={account} isSelf={account.id === self} {...rest} />
}

interface Made {
  readonly link: string
  readonly expires_at: string
}

function LinkMade({
  made,
  of,
  onClose,
}: {
  readonly made: Made
  readonly of: string
  readonly onClose: () => void
}) {
  return (
    <SecretDialog
      title={`The link for ${of}`}
      what="link to choose a password"
      secret={made.link}
      onClose={onClose}
    >
      Send it to {of} alone: whoever opens it chooses the password. It works once, until{' '}
      <Time at={made.expires_at} form="whole" />.
    </SecretDialog>
  )
}

function InviteOperator({ onClose }: DeedProps) {
  const invite = useChange('invite_operator', ['list_accounts'])
  const [made, setMade] = useState<Made & { readonly email: string }>()
  const act = async (form: FormData) => {
    const name = textOf(form, 'name')
    const { account, ...link } = await invite.mutateAsync({
      email: textOf(form, 'email') ?? '',
      ...(name === undefined ? {} : { name }),
    })
    setMade({ ...link, email: account.email })
    return 'stay'
  }
  if (made !== undefined) return <LinkMade made={made} of={made.email} onClose={onClose} />
  return (
    <FormDialog title="Invite an operator" deed="Make the link" isOpen {...{ onClose, act }}>
      {wrong => (
        <>
          <Banner kind="warn">
            An operator makes and removes tenants and can give out tokens for every user of them.
          </Banner>
          <TextField
            label="E-mail"
            name="email"
            type="email"
            required
            autoComplete="off"
            hint="If there is an account with it, it cannot sign in until the link was used."
            wrong={wrong('email')}
          />
          <TextField label="Name, if you know it" name="name" autoComplete="off" wrong={wrong('name')} />
        </>
      )}
    </FormDialog>
  )
}

function ResetAccount({ account, onClose }: DeedProps & { readonly account: AccountRow }) {
  const reset = useChange('reset_account', ['list_accounts'])
  const [made, setMade] = useState<Made>()
  const act = async () => {
    setMade(await reset.mutateAsync({ email: account.email }))
    return 'stay'
  }
  if (made !== undefined) return <LinkMade made={made} of={account.email} onClose={onClose} />
  return (
    <FormDialog
      title={`A new password for ${account.name}?`}
      deed="Make the link"
      isOpen
      {...{ onClose, act }}
    >
      {() => <p>You get a link to send them. The password they have works until somebody has used it.</p>}
    </FormDialog>
  )
}

function EnableAccount({ account, onSaid, onClose }: DeedProps & { readonly account: AccountRow }) {
  const enable = useChange('enable_account', ['list_accounts'])
  const act = async () => {
    await enable.mutateAsync({ email: account.email })
    onSaid(`${account.name} can sign in again.`)
  }
  return (
    <FormDialog title={`Enable ${account.name}?`} deed="Enable the account" isOpen {...{ onClose, act }}>
      {() => <p>It can sign in again, with the password it had.</p>}
    </FormDialog>
  )
}

function DisableAccount({
  account,
  isSelf,
  onSaid,
  onClose,
}: DeedProps & { readonly account: AccountRow; readonly isSelf: boolean }) {
  const disable = useChange('disable_account', ['list_accounts'])
  return (
    <Confirm
      title={`Disable ${account.name}?`}
      deed={isSelf ? 'Shut myself out' : 'Disable the account'}
      isOpen
      onClose={onClose}
      act={async () => {
        await disable.mutateAsync({ email: account.email })
        onSaid(`${account.name} is disabled.`)
        if (isSelf) window.location.assign('/app/sign-in')
      }}
    >
      {isSelf && (
        <div className="mb-3">
          <Banner kind="wrong">
            This is you. You will be signed out and cannot sign in until another operator, or somebody at the
            server’s command line, enables this account.
          </Banner>
        </div>
      )}
      Its sessions end and it signs in no more. Tokens and API keys of its users in tenants go on working;
      they are revoked there.
    </Confirm>
  )
}
