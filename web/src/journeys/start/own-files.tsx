// To one's own documents: into a new tenant for those who may make one, else into the one that is there.
import { ArrowRight, Upload } from 'lucide-react'
import { useState } from 'react'
import { goTo, may, type Session, tenantOf } from '../../api/session.ts'
import { Button, LinkButton } from '../../parts/actions/button.tsx'
import { Card } from '../../parts/shown/card.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { SAMPLES } from './samples.ts'

export function OwnFiles({ session }: { readonly session: Session }) {
  const [isGoing, setGoing] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const here = tenantOf(session)
  const mayUpload = here !== undefined && !(here.slug in SAMPLES) && may(session, 'documents:write')
  const go = () => {
    setGoing(true)
    // Tenants are made in the deployment.
    void goTo({ deployment: true }, '/app/start?make=true').catch((error: unknown) => {
      setProblem(error)
      setGoing(false)
    })
  }
  if (!session.account.is_operator && !mayUpload) return null
  return (
    <Card title="Begin with your own files">
      <p className="max-w-prose text-soft">
        Markdown, text, HTML, PDF, Word, Excel, PowerPoint, CSV and JSON. They stay on this server; each is
        searchable seconds after its upload.
      </p>
      {problem !== undefined && <ProblemNote problem={problem} />}
      <div className="mt-3 flex flex-wrap gap-2">
        {session.account.is_operator && (
          <Button look={mayUpload ? 'plain' : 'strong'} onClick={go} isBusy={isGoing}>
            Make a tenant of your own <ArrowRight size={14} aria-hidden="true" />
          </Button>
        )}
        {mayUpload && (
          <LinkButton to="/documents" look="strong">
            <Upload size={14} aria-hidden="true" /> Upload into {here.name}
          </LinkButton>
        )}
      </div>
    </Card>
  )
}
