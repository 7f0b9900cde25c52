// What kinds of file and languages are called.
import type { FileType, Language } from '../../../api/operations.gen.ts'

const KINDS: Readonly<Record<FileType, string>> = {
  markdown: 'Markdown',
  text: 'Text',
  html: 'HTML',
  pdf: 'PDF',
  docx: 'Word',
  xlsx: 'Excel',
  pptx: 'PowerPoint',
  csv: 'CSV',
  json: 'JSON',
}

/** One the page does not know, as an address may name it, is called what it is. */
export function kindWords(type: string): string {
  return Object.hasOwn(KINDS, type) ? KINDS[type as FileType] : type
}

const LANGUAGE_WORDS: Readonly<Record<Language, string>> = {
  english: 'English',
  german: 'German',
  french: 'French',
  spanish: 'Spanish',
  simple: 'Other',
}

export function languageWords(language: Language): string {
  return LANGUAGE_WORDS[language]
}
