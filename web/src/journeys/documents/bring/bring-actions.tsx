// The ways to bring documents: files, a folder, a text, an address.
import { ClipboardPaste, FileUp, FolderUp, Globe } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '../../../parts/actions/button.tsx'
import { FormDialog, textOf } from '../../../parts/forms/form-dialog.tsx'
import { TextArea, TextField } from '../../../parts/inputs/field.tsx'
import type { BroughtSource } from './bring-queue.ts'
import { chosenFiles } from './dropped-files.ts'

/** What can be read, as the browser's chooser wants it. */
const ACCEPTED =
  '.md,.markdown,.mdx,.txt,.text,.log,.html,.htm,.xhtml,.pdf,.docx,.docm,.dotx,.xlsx,.xlsm,.pptx,.pptm,.ppsx,.csv,.tsv,.json,.jsonl,.ndjson'

/** Every browser knows it; React's types do not. */
const FOLDER = { webkitdirectory: '' }

export function BringActions({ onBring }: { readonly onBring: (sources: readonly BroughtSource[]) => void }) {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const [open, setOpen] = useState<'text' | 'url'>()
  const chosen = (input: HTMLInputElement) => {
    onBring(chosenFiles(input.files))
    // The same files may be chosen once more.
    input.value = ''
  }
  return (
    <>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        accept={ACCEPTED}
        aria-label="Files to add"
        onChange={event => chosen(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        {...FOLDER}
        aria-label="A folder to add"
        onChange={event => chosen(event.currentTarget)}
      />
      <Button look="strong" onClick={() => files.current?.click()}>
        <FileUp size={14} aria-hidden="true" /> Add files
      </Button>
      <Button onClick={() => folder.current?.click()}>
        <FolderUp size={14} aria-hidden="true" /> Add a folder
      </Button>
      <Button onClick={() => setOpen('text')}>
        <ClipboardPaste size={14} aria-hidden="true" /> Paste a text
      </Button>
      <Button onClick={() => setOpen('url')}>
        <Globe size={14} aria-hidden="true" /> From the web
      </Button>
      <TextDialog isOpen={open === 'text'} onClose={() => setOpen(undefined)} onBring={onBring} />
      <UrlDialog isOpen={open === 'url'} onClose={() => setOpen(undefined)} onBring={onBring} />
    </>
  )
}

interface BringDialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onBring: (sources: readonly BroughtSource[]) => void
}

function TextDialog({ isOpen, onClose, onBring }: BringDialogProps) {
  return (
    <FormDialog
      title="Paste a text"
      deed="Add the text"
      isOpen={isOpen}
      onClose={onClose}
      isWide
      act={async form => {
        const title = textOf(form, 'title') ?? ''
        const content = textOf(form, 'content') ?? ''
        onBring([{ name: title, size: content.length, source: { kind: 'text', title, content } }])
      }}
    >
      {() => (
        <>
          <TextField label="Title" name="title" required maxLength={500} autoComplete="off" />
          <TextArea label="Text" name="content" required rows={12} hint="Plain or Markdown, at most 1 MB." />
        </>
      )}
    </FormDialog>
  )
}

function UrlDialog({ isOpen, onClose, onBring }: BringDialogProps) {
  return (
    <FormDialog
      title="From the web"
      deed="Add the page"
      isOpen={isOpen}
      onClose={onClose}
      act={async form => {
        const url = textOf(form, 'url') ?? ''
        onBring([{ name: url, size: undefined, source: { kind: 'url', url } }])
      }}
    >
      {() => (
        <TextField
          label="Address"
          name="url"
          type="url"
          required
          maxLength={2_000}
          placeholder="https://"
          pattern="https?://.+"
          hint="A public page or file. The server fetches it once; redirects are not followed."
        />
      )}
    </FormDialog>
  )
}
