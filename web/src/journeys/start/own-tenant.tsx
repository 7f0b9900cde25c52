// A tenant of which the signed-in operator becomes the owner; then straight to its documents.
import { useState } from 'react'
import { goTo, type Session } from '../../api/session.ts'
import { Button, LinkButton } from '../../parts/actions/button.tsx'
import { Card } from '../../parts/shown/card.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { MakingProgress } from '../admin/tenants/making/making-progress.tsx'
import { chosenSlug, NameFields, type TenantNames } from '../admin/tenants/making/name-fields.tsx'
import { useMaking } from '../admin/tenants/making/use-making.ts'

export function OwnTenant({ session }: { readonly session: Session }) {
  const [names, setNames] = useState<TenantNames>({ name: '', ownSlug: undefined })
  const [stuck, setStuck] = useState<unknown>()
  const { done, isBusy, problem, registered, make } = useMaking()
  const submit = async () => {
    setStuck(undefined)
    const wanted = { name: names.name.trim(), slug: chosenSlug(names), ownerEmail: session.account.email }
    const made = await make(wanted)
    if (made !== undefined) await goTo({ tenant: made.tenant.id }, '/app/documents').catch(setStuck)
  }
  const failed = problem ?? stuck
  return (
    <Card title="What is it called">
      <form
        className="max-w-md space-y-4"
        onSubmit={event => {
          event.preventDefault()
          if (!isBusy) void submit()
        }}
      >
        <NameFields names={names} onChange={setNames} problem={problem} disabled={registered !== undefined} />
        {done !== undefined && (isBusy || done.length > 0) && (
          <MakingProgress done={done} isBusy={isBusy} hasOwner />
        )}
        {failed !== undefined && <ProblemNote problem={failed} />}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="strong" isBusy={isBusy}>
            {registered === undefined ? 'Make it and go there' : 'Go on'}
          </Button>
          <LinkButton to="/start">Back</LinkButton>
        </div>
      </form>
    </Card>
  )
}
