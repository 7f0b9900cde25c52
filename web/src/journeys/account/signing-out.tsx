// The ways out, and when the session ends by itself.
import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { signOut, type Session } from '../../api/session.ts'
import { Button } from '../../parts/actions/button.tsx'
import { Confirm } from '../../parts/overlays/confirm.tsx'
import { Card } from '../../parts/shown/card.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { Time } from '../../parts/shown/time.tsx'

const HOUR_S = 3_600

export function SigningOut({ session }: { readonly session: Session }) {
  const [isAsked, setAsked] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const { expires_at, idle_seconds } = session
  return (
    <Card title="Sign out">
      <p className="text-soft">
        This session ends <Time at={expires_at} form="whole" /> at the latest, and after{' '}
        {Math.round(idle_seconds / HOUR_S)} hours in which nothing was asked.
      </p>
      {problem !== undefined && <ProblemNote problem={problem} />}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onClick={() => void signOut().catch(setProblem)}>
          <LogOut size={14} aria-hidden="true" /> Sign out
        </Button>
        <Button onClick={() => setAsked(true)}>Sign out everywhere</Button>
      </div>
      <Confirm
        title="Sign out everywhere?"
        deed="Sign out everywhere"
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        act={() => signOut(true)}
      >
        Every browser in which this account is signed in is signed out, this one too. API keys and tokens go
        on working; they are revoked on their own page.
      </Confirm>
    </Card>
  )
}
