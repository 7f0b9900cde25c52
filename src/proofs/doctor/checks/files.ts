// Files that hold secrets, and the socket: nobody but their owner may reach them.
import { fine, odd, wrong, type Finding } from '../finding.ts'
import type { Facts, FileFact } from '../facts/facts.ts'

const ID: Record<FileFact['what'], string> = {
  'data folder': 'data-folder-mode',
  'keys folder': 'data-folder-mode',
  'seal key': 'seal-key-mode',
  'signing key': 'signing-key-mode',
  'settings file': 'settings-file-mode',
  socket: 'socket-mode',
  'socket folder': 'socket-mode',
}

export function fileChecks({ files, network }: Facts): Finding[] {
  const problems = files.flatMap(file => problemsOf(file))
  const dead =
    network?.isSocketDead === true
      ? [
          odd(
            'socket',
            'A server was here and left its socket behind; nobody answers on it.',
            'Start the server again, or remove the file socket-path in the data folder.',
          ),
        ]
      : [
          fine(
            'socket',
            network?.isRunning === true
              ? 'the server answers on its socket'
              : 'no server runs on this data folder',
          ),
        ]
  if (problems.length > 0) return [...problems, ...dead]
  return [fine('files', `${files.length} files and folders are their owner's alone`), ...dead]
}

function problemsOf({ path, what, mode, isMine }: FileFact): Finding[] {
  const others = mode & 0o077
  const right = what.endsWith('folder') ? '700' : '600'
  return [
    ...(others === 0
      ? []
      : [
          wrong(
            ID[what],
            `The ${what} ${path} has mode ${mode.toString(8)}: other users can reach it.`,
            `Run: chmod ${right} ${path}`,
          ),
        ]),
    ...(isMine
      ? []
      : [
          odd(
            'owner',
            `The ${what} ${path} belongs to another user than this command runs as.`,
            'Run the server and this command as one user, or correct the owner with chown.',
          ),
        ]),
  ]
}
