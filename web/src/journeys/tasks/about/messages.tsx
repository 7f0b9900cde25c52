// What was said to and by a task, in order.
import type { TaskMessage, TaskPart } from '../../../api/operations.gen.ts'
import { Time } from '../../../parts/shown/time.tsx'

export function Messages({ history }: { readonly history: readonly TaskMessage[] }) {
  return (
    <ol className="space-y-3">
      {history.map(({ message_id, role, parts, at }) => (
        <li key={message_id}>
          <p className="text-xs text-soft">
            {role === 'user' ? 'You' : 'The task'} · <Time at={at} />
          </p>
          {parts.map((part, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- they are never put in another order
            <Part key={index} part={part} />
          ))}
        </li>
      ))}
    </ol>
  )
}

function Part({ part: { text, data } }: { readonly part: TaskPart }) {
  if (text !== undefined) return <p className="whitespace-pre-line wrap-anywhere">{text}</p>
  return (
    <pre className="mt-1 rounded-md bg-sunken p-2 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
      {JSON.stringify(data, undefined, 2)}
    </pre>
  )
}
