// The version of this code, from package.json.
import { siblingText } from './sibling-file.ts'

export const VERSION = (JSON.parse(siblingText(import.meta.url, '../../package.json')) as { version: string })
  .version
