// Changes what is said about a document. A new title is part of what is searched: it makes a new version.
import { useQueryClient } from '@tanstack/react-query'
import { call } from '../../../api/call.ts'
import { FormDialog, textOf } from '../../../parts/forms/form-dialog.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import type { DocumentPart } from '../reading/use-document-text.ts'
import { labelsOf, labelWords } from './label-words.ts'
import { STALE } from './stale.ts'

export interface DescribeDialogProps {
  readonly part: DocumentPart
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onDone: (words: string) => void
}

export function DescribeDialog({ part, isOpen, onClose, onDone }: DescribeDialogProps) {
  const client = useQueryClient()
  const act = async (form: FormData) => {
    const title = textOf(form, 'title')
    const collection = textOf(form, 'collection')
    const labels = labelsOf(textOf(form, 'labels') ?? '')
    const { status } = await call('update_document', {
      document_id: part.document_id,
      labels,
      ...(title === undefined || title === part.title ? {} : { title }),
      ...(collection === undefined || collection === part.collection ? {} : { collection }),
    })
    await Promise.all(STALE.map(queryKey => client.invalidateQueries({ queryKey })))
    onDone(status === 'unchanged' ? 'Nothing was changed.' : 'Changed.')
  }
  return (
    <FormDialog title="Change what is said about it" deed="Save" {...{ isOpen, onClose, act }}>
      {wrong => (
        <>
          <TextField
            label="Title"
            name="title"
            defaultValue={part.title}
            required
            maxLength={500}
            hint="A new title makes a new version: titles are searched too."
            wrong={wrong('title')}
          />
          <TextField
            label="Labels"
            name="labels"
            defaultValue={labelWords(part.labels)}
            hint="With commas between them."
            autoComplete="off"
            wrong={wrong('labels')}
          />
          <TextField
            label="Collection"
            name="collection"
            defaultValue={part.collection}
            maxLength={100}
            autoComplete="off"
            required={part.collection !== undefined}
            wrong={wrong('collection')}
          />
        </>
      )}
    </FormDialog>
  )
}
