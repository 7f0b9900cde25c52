// What an answer that is on its way does just now, in one line.
import { hasEnded } from '../../../../../src/protocols/client/task/task-shape.ts'
import type { TaskView } from '../../../../../src/protocols/client/task/task-view.ts'
import { Spinner } from '../../../parts/actions/button.tsx'
import { Check } from 'lucide-react'

export function Progress({ view: { steps, state } }: { readonly view: TaskView }) {
  if (hasEnded(state) || state === 'input_required' || state === 'auth_required') return <Told words="" />
  const running = steps.filter(step => step.state === 'running')
  const done = steps.filter(step => step.state === 'done')
  const now =
    running.map(({ title }) => title).join(', ') || (done.length === 0 ? 'Waiting for its turn' : 'Going on')
  return (
    <>
      <Told words={now} />
      <ol aria-hidden="true" className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-soft">
        {done.map(({ name, title, said }) => (
          <li key={name} className="inline-flex items-center gap-1.5">
            <Check size={13} className="shrink-0 text-good" /> {said.at(-1) ?? title}
          </li>
        ))}
        <li className="inline-flex items-center gap-1.5 text-accent">
          <Spinner /> {now}
        </li>
      </ol>
    </>
  )
}

/** Read out step by step, not word by word. */
function Told({ words }: { readonly words: string }) {
  return (
    <p role="status" className="unseen">
      {words}
    </p>
  )
}
