// The text to paste, with the address and the token in it.
import { CodeBlock } from '../../parts/text/code-block.tsx'
import { Card } from '../../parts/shown/card.tsx'
import type { Client, Snippet } from './clients/client.ts'

export interface SnippetCardProps {
  readonly client: Client
  readonly url: string
  readonly token: string | undefined
}

const NO_TOKEN = 'YOUR_TOKEN'

export function SnippetCard({ client, url, token }: SnippetCardProps) {
  const snippets = client.snippets({ url, token: token ?? NO_TOKEN })
  return (
    <Card title={`2. For ${client.name}`}>
      <div className="space-y-3">
        {token === undefined && (
          <p className="text-sm text-soft">
            Where it says {NO_TOKEN}, the token will stand once there is one.
          </p>
        )}
        {snippets.map(snippet => (
          <CodeBlock key={snippet.title} title={snippet.title} text={snippet.text} secret={token}>
            {snippet.files !== undefined && <Files files={snippet.files} />}
          </CodeBlock>
        ))}
        <ol className="list-decimal space-y-1 pl-5 text-sm">
          {client.afterwards.map(words => (
            <li key={words}>{words}</li>
          ))}
        </ol>
      </div>
    </Card>
  )
}

function Files({ files }: { readonly files: NonNullable<Snippet['files']> }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
      {files.map(({ system, path }) => (
        <div key={system} className="contents">
          <dt>{system}</dt>
          <dd className="font-mono wrap-anywhere text-ink">{path}</dd>
        </div>
      ))}
    </dl>
  )
}
