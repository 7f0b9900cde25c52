// A fresh token: what it allows, how long, and then the token, once.
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call, type Input, type Output } from '../../api/call.ts'
import { Button } from '../../parts/actions/button.tsx'
import { Checkbox } from '../../parts/inputs/checkbox.tsx'
import { Select } from '../../parts/inputs/select.tsx'
import { SecretOnce } from '../../parts/forms/secret-once.tsx'
import { Badge } from '../../parts/shown/badge.tsx'
import { Card } from '../../parts/shown/card.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { Time } from '../../parts/shown/time.tsx'
import { type ConnectParams, LIVES, OFFERED } from './connect-params.ts'

export type MadeToken = Output<'create_own_token'>

export interface TokenCardProps {
  readonly audience: 'mcp' | 'a2a'
  readonly life: number
  readonly scopes: readonly string[]
  /** What the session may do: no token allows more. */
  readonly held: readonly string[]
  readonly token: MadeToken | undefined
  readonly onChoose: (chosen: Pick<ConnectParams, 'life' | 'scopes'>) => void
  /** Undefined when it was ended. */
  readonly onMade: (token: MadeToken | undefined) => void
}

const LIFE_CHOICES = LIVES.map(({ seconds, words }) => ({ value: String(seconds), label: words }))

export function TokenCard({ audience, life, scopes, held, token, onChoose, onMade }: TokenCardProps) {
  const make = useMutation({
    mutationFn: () =>
      call('create_own_token', {
        audience,
        // Those that are offered are scopes.
        scopes: [...scopes] as NonNullable<Input<'create_own_token'>['scopes']>,
        ttl_seconds: life,
      }),
    onSuccess: onMade,
  })
  const toggle = (scope: string, isWanted: boolean) =>
    onChoose({ scopes: isWanted ? [...scopes, scope] : scopes.filter(one => one !== scope) })
  return (
    <Card title="1. A token for it">
      <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
        <fieldset className="min-w-0 basis-full">
          <legend className="text-sm font-medium">It may</legend>
          <div className="grid gap-x-6 sm:grid-cols-2 lg:max-w-lg">
            {OFFERED.filter(({ scope }) => held.includes(scope)).map(({ scope, words, hint }) => (
              <Checkbox
                key={scope}
                label={words}
                hint={hint}
                checked={scopes.includes(scope)}
                onChange={event => toggle(scope, event.currentTarget.checked)}
              />
            ))}
          </div>
        </fieldset>
        <div className="w-36">
          <Select
            label="For"
            value={String(life)}
            choices={LIFE_CHOICES}
            onChange={next => onChoose({ life: Number(next) })}
          />
        </div>
        <Button
          look={token === undefined ? 'strong' : 'plain'}
          isBusy={make.isPending}
          disabled={scopes.length === 0}
          onClick={() => make.mutate()}
          className="min-h-9"
        >
          {token === undefined ? 'Make a token' : 'Make another'}
        </Button>
      </div>
      <p className="mt-2 text-xs text-soft">
        A token lives a day at most.{' '}
        {held.includes('keys:write') && (
          <>
            What runs for longer gets an{' '}
            <Link to="/keys" className="underline">
              API key
            </Link>
            .
          </>
        )}
      </p>
      {scopes.length === 0 && <p className="mt-2 text-sm text-soft">Choose what it may do.</p>}
      {make.isError && (
        <div className="mt-3">
          <ProblemNote problem={make.error} />
        </div>
      )}
      {token !== undefined && <Made token={token} onEnded={() => onMade(undefined)} />}
    </Card>
  )
}

function Made({ token, onEnded }: { readonly token: MadeToken; readonly onEnded: () => void }) {
  const [problem, setProblem] = useState<unknown>()
  const end = () => call('revoke_own_token', { token: token.token }).then(onEnded, setProblem)
  return (
    <div className="mt-4 space-y-2">
      <SecretOnce what="Access token" secret={token.token} />
      <p className="text-xs text-soft">
        It is shown this once: neither the server nor this browser keeps a copy.
      </p>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <span>
          Ends <Time at={token.expires_at} form="whole" />, allows
        </span>
        {token.scopes.map(scope => (
          <Badge key={scope}>{scope}</Badge>
        ))}
        <Button look="quiet" className="ml-auto text-wrong" onClick={() => void end()}>
          End it now
        </Button>
      </div>
      {problem !== undefined && <ProblemNote problem={problem} />}
    </div>
  )
}
