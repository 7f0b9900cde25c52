// What a change of a document makes out of date.

export const STALE: readonly (readonly string[])[] = [
  ['retrieve_document'],
  ['list_documents'],
  ['list_versions'],
  ['get_document_access'],
  ['count_vectors'],
]
