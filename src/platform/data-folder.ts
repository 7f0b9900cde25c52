// The data folder: keys, the operator's socket and, embedded, the database. Made at the first start, for its owner
// alone.
import { access, constants, mkdir } from 'node:fs/promises'
import { fault } from './faults.ts'

/** Also with a database server: whoever cannot keep keys should hear of the folder, not of a file in it. */
export async function makeDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.W_OK)
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException
    throw fault('invalid_input', {
      say: `Cannot write in ${folder} (${code}): choose a folder you may write, with GATEHOUSE_DATA_DIR.`,
      reason: 'folder_not_writable',
      because: error,
    })
  }
}
