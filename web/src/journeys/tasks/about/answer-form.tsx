// Says something to a task: the answer it waits for, or more of what it should know while it works.
import { type FormEvent, useState } from 'react'
import { useChange } from '../../../api/operation-query.ts'
import type { Input } from '../../../api/call.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { TextArea } from '../../../parts/inputs/field.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'

export interface AnswerFormProps {
  readonly taskId: string
  readonly label: string
  readonly deed: string
  readonly hint?: string
}

type Part = Input<'send_message'>['message']['parts'][number]

export function AnswerForm({ taskId, label, deed, hint }: AnswerFormProps) {
  const [text, setText] = useState('')
  const [data, setData] = useState('')
  const [messageId, setMessageId] = useState(() => crypto.randomUUID())
  const send = useChange('send_message', ['get_task', 'list_tasks'])
  const parsed = jsonOf(data)
  const parts: Part[] = [
    ...(text.trim() === '' ? [] : [{ text }]),
    ...(parsed.value === undefined ? [] : [{ data: parsed.value as NonNullable<Part['data']> }]),
  ]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (parts.length === 0 || parsed.wrong !== undefined) return
    // Sent again after a lost connection it is the same message.
    send.mutate(
      { message: { message_id: messageId, task_id: taskId, parts } },
      {
        onSuccess: () => {
          setText('')
          setData('')
          setMessageId(crypto.randomUUID())
        },
      },
    )
  }
  return (
    <form onSubmit={submit} className="space-y-3">
      <TextArea
        label={label}
        hint={hint}
        rows={2}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      <details>
        <summary className="text-sm text-soft hover:text-ink">Add data (JSON)</summary>
        <TextArea
          label="Data"
          isLabelUnseen
          wrong={parsed.wrong}
          value={data}
          placeholder='{"year": 2026}'
          className="mt-2 font-mono"
          onChange={event => setData(event.currentTarget.value)}
        />
      </details>
      {send.isError && <ProblemNote problem={send.error} />}
      <div className="flex items-center gap-3">
        <Button type="submit" look="strong" isBusy={send.isPending} disabled={parts.length === 0}>
          {deed}
        </Button>
        <span role="status" className="text-sm text-soft">
          {send.isSuccess && parts.length === 0 && 'Sent.'}
        </span>
      </div>
    </form>
  )
}

function jsonOf(text: string): { readonly value?: unknown; readonly wrong?: string } {
  if (text.trim() === '') return {}
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return { wrong: 'This is no JSON yet.' }
  }
}
