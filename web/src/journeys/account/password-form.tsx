// Another password. The rules are the server's own, so they are told while somebody types; the server asks them again.
import { useState } from 'react'
import { passwordProblem } from '../../../../src/gate/sign-in/password-rules.ts'
import { asProblem } from '../../api/problem.ts'
import { changePassword } from '../../api/session.ts'
import { Button } from '../../parts/actions/button.tsx'
import { Said } from '../../parts/forms/said.tsx'
import { TextField } from '../../parts/inputs/field.tsx'
import { Card } from '../../parts/shown/card.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'

export function PasswordForm({ email, name }: { readonly email: string; readonly name: string }) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [said, setSaid] = useState('')
  const [thrown, setThrown] = useState<unknown>()
  const problem = thrown === undefined ? undefined : asProblem(thrown)
  const isWrongPassword = problem?.reason === 'wrong_password'
  const isWeak = problem?.reason === 'weak_password'
  const broken = next === '' ? undefined : passwordProblem(next, { email, name })
  const submit = async () => {
    setBusy(true)
    setThrown(undefined)
    setSaid('')
    try {
      await changePassword(current, next)
      setCurrent('')
      setNext('')
      setSaid('Your password is changed. Everywhere else you were signed in, you are signed out.')
    } catch (error) {
      setThrown(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Card title="Change your password">
      <Said>{said}</Said>
      <form
        className="max-w-sm space-y-3"
        onSubmit={event => {
          event.preventDefault()
          if (!isBusy && broken === undefined) void submit()
        }}
      >
        {/* For password keepers, which ask whose it is. */}
        <input type="text" autoComplete="username" value={email} readOnly hidden />
        <TextField
          label="Password you have now"
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onChange={event => setCurrent(event.target.value)}
          wrong={isWrongPassword ? 'This is not your password.' : undefined}
        />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          required
          value={next}
          onChange={event => setNext(event.target.value)}
          hint="12 characters or more. A few words in a row make a good one."
          wrong={isWeak ? problem.message : broken}
        />
        {problem !== undefined && !isWrongPassword && !isWeak && <ProblemNote problem={problem} />}
        <Button
          type="submit"
          look="strong"
          isBusy={isBusy}
          disabled={current === '' || next === '' || broken !== undefined}
        >
          Change the password
        </Button>
      </form>
    </Card>
  )
}
