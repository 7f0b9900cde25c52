// Tries the way that the program will take, from this page, with the token alone.
import { Check, CircleX } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button, Spinner } from '../../parts/actions/button.tsx'
import { TextField } from '../../parts/inputs/field.tsx'
import { Card } from '../../parts/shown/card.tsx'
import { durationWords } from '../../parts/shown/time.tsx'
import { a2aTest } from './live-test/a2a-test.ts'
import { mcpTest } from './live-test/mcp-test.ts'
import { runSteps, type Step } from './live-test/step.ts'

export interface TestCardProps {
  readonly audience: 'mcp' | 'a2a'
  readonly token: string | undefined
}

export function TestCard({ audience, token }: TestCardProps) {
  const [words, setWords] = useState(audience === 'mcp' ? 'agreement' : 'What are these documents about?')
  const { steps, isBusy, run } = useTest(audience, token)
  return (
    <Card title="3. Try it">
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={event => {
          event.preventDefault()
          run(words)
        }}
      >
        <div className="min-w-0 flex-1 basis-56">
          <TextField
            label={audience === 'mcp' ? 'Search for' : 'Ask'}
            value={words}
            onChange={event => setWords(event.currentTarget.value)}
          />
        </div>
        <Button
          type="submit"
          look="strong"
          className="min-h-9"
          isBusy={isBusy}
          disabled={token === undefined || words.trim() === ''}
        >
          Test the connection
        </Button>
      </form>
      <p className="mt-1.5 text-xs text-soft">
        {token === undefined
          ? 'Make a token first: the test uses it as the program will.'
          : 'This page talks to the server as the program will: with the token, without your session.'}
      </p>
      <div role="status">{steps.length > 0 && <Steps steps={steps} isOver={!isBusy} />}</div>
    </Card>
  )
}

function useTest(audience: 'mcp' | 'a2a', token: string | undefined) {
  const [steps, setSteps] = useState<readonly Step[]>([])
  const [isBusy, setBusy] = useState(false)
  const leaving = useRef(new AbortController())
  useEffect(() => {
    const controller = new AbortController()
    leaving.current = controller
    return () => controller.abort()
  }, [])
  const run = (words: string) => {
    if (token === undefined || isBusy) return
    const { signal } = leaving.current
    const plan = audience === 'mcp' ? mcpTest : a2aTest
    setBusy(true)
    void runSteps(plan({ token, signal }, words), next => {
      if (!signal.aborted) setSteps(next)
    }).finally(() => setBusy(false))
  }
  return { steps, isBusy, run }
}

function Steps({ steps, isOver }: { readonly steps: readonly Step[]; readonly isOver: boolean }) {
  const hasFailed = steps.some(({ state }) => state === 'failed')
  return (
    <>
      <ol className="mt-3 divide-y divide-line rounded-md border border-line">
        {steps.map(({ name, state, ms, result }) => (
          <li key={name} className="flex items-start gap-2.5 px-3 py-2 text-sm">
            <span className="mt-0.5 shrink-0">{ICONS[state]}</span>
            <span className="min-w-0 flex-1">
              <span className="font-mono text-xs">{name}</span>
              {result !== undefined && (
                <span className={`block wrap-anywhere ${state === 'failed' ? 'text-wrong' : 'text-soft'}`}>
                  {result}
                </span>
              )}
            </span>
            {ms !== undefined && (
              <span className="figures shrink-0 text-xs text-soft">{durationWords(ms)}</span>
            )}
          </li>
        ))}
      </ol>
      {isOver && (
        <p className={`mt-2 text-sm font-medium ${hasFailed ? 'text-wrong' : 'text-good'}`}>
          {hasFailed ? 'It does not work yet: the line above says why.' : 'It works.'}
        </p>
      )}
    </>
  )
}

const ICONS = {
  running: <Spinner />,
  done: <Check size={14} aria-label="done" className="text-good" />,
  failed: <CircleX size={14} aria-label="failed" className="text-wrong" />,
}
