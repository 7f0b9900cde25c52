// What a new user types wrong, and what comes back: a sentence that says what to do, never a stack or a statement.
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, type Deployment } from './deployment.ts'
import type { Section } from './page.ts'
import type { Processes } from './processes.ts'

interface Mistake {
  readonly says: string
  readonly command: string
  readonly expected: RegExp
}

/** A tools/call by curl; what it is given is the token, the tool and its arguments. */
const CALL = `call() {
  curl -si http://127.0.0.1:$GATEHOUSE_PORT/mcp \${1:+-H "Authorization: Bearer $1"} \\
    -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\
    -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"'"$2"'","arguments":'"$3"'}}'
}`

export async function mistakes(section: Section, gatehouse: Deployment, processes: Processes): Promise<void> {
  const token = await gatehouse.token('foldwick')
  const expired = await gatehouse.token('foldwick', '--ttl 1')
  const reader = await gatehouse.token('foldwick', '--scope documents:read')
  // A second, and the five by which clocks may differ.
  await sleep(6_500)
  section.say('With the server of the sections above running, and this function in the shell:')
  section.block('sh', CALL.replace('$GATEHOUSE_PORT', '8080'))
  const env = { TOKEN: token, EXPIRED: expired, READER: reader }
  for (const mistake of ON_THE_WIRE) {
    const { output } = await gatehouse.run(`${CALL}\n${mistake.command}`, env)
    judge(section, mistake, withoutPlainHeaders(output))
  }
  const other = { cwd: gatehouse.folder, env: { GATEHOUSE_PORT: String(await freePort()) } }
  for (const mistake of atTheShell(gatehouse.port)) {
    const { output } = await processes.run(mistake.command, other)
    judge(section, mistake, output)
  }
}

const ON_THE_WIRE: readonly Mistake[] = [
  {
    says: 'no token',
    command: `call '' hybrid_search '{"query":"retention"}'`,
    expected: /401[^]*resource_metadata=/,
  },
  {
    says: 'an expired token',
    command: `call "$EXPIRED" hybrid_search '{"query":"retention"}'`,
    expected: /401[^]*expired/,
  },
  {
    says: 'a token that may only read',
    command: `call "$READER" add_document '{"title":"t","content":"c"}'`,
    expected: /403[^]*documents:write/,
  },
  { says: 'an empty query', command: `call "$TOKEN" hybrid_search '{"query":""}'`, expected: /query/ },
  {
    says: 'limit -1',
    command: `call "$TOKEN" hybrid_search '{"query":"retention","limit":-1}'`,
    expected: /limit[^]*1[^]*50|limit[^]*at least 1|limit[^]*>=1/,
  },
  {
    says: 'an unknown argument',
    command: `call "$TOKEN" hybrid_search '{"query":"retention","top_k":5}'`,
    expected: /top_k/,
  },
  { says: 'an unknown tool', command: `call "$TOKEN" hybrid_serch '{}'`, expected: /hybrid_serch|nknown/ },
  {
    says: 'the address typed into a browser',
    command: 'curl -si http://127.0.0.1:$GATEHOUSE_PORT/mcp -H "Authorization: Bearer $TOKEN"',
    expected: /405[^]*POST/,
  },
]

function atTheShell(port: number): readonly Mistake[] {
  const serve = './bin/gatehouse.mjs serve'
  return [
    {
      says: 'a port that is taken',
      command: `GATEHOUSE_PORT=${port} GATEHOUSE_DATA_DIR=../other ${serve}`,
      expected: /Port \d+ .*taken[^]*GATEHOUSE_PORT/,
    },
    {
      says: 'a folder that is in use',
      command: serve,
      expected: /in use by process \d+[^]*GATEHOUSE_DATA_DIR/,
    },
    {
      says: 'a database URL that is none',
      command: `DATABASE_URL=localhost:5432 ${serve}`,
      expected: /DATABASE_URL must be a URL like postgres:/,
    },
    {
      says: 'a database URL where nothing listens',
      command: `DATABASE_URL=postgres://app:secret@127.0.0.1:9/gatehouse GATEHOUSE_DATA_DIR=../other ${serve}`,
      expected: /DATABASE_URL: nothing listens at 127\.0\.0\.1:9/,
    },
    {
      says: 'a path that cannot be written',
      command: `GATEHOUSE_DATA_DIR=package.json/data ${serve}`,
      expected: /package\.json\/data[^]*GATEHOUSE_DATA_DIR/,
    },
    {
      says: 'several settings wrong at once',
      command: `GATEHOUSE_PORT=http GATEHOUSE_SAMPLES=maybe GATEHOUSE_RATE_BURST=0 ${serve}`,
      expected: /GATEHOUSE_PORT[^]*GATEHOUSE_RATE_BURST[^]*GATEHOUSE_SAMPLES/,
    },
    {
      says: 'a command that does not exist',
      command: './bin/gatehouse.mjs tenat list',
      expected: /unknown command[^]*tenant/,
    },
    {
      says: 'a tenant that does not exist',
      command: './bin/gatehouse.mjs token create --tenant nobody --user ada',
      expected: /nobody|tenant/,
    },
    {
      says: 'a removal without a yes',
      command: './bin/gatehouse.mjs tenant delete crash --confirm crash',
      expected: /--yes/,
    },
  ]
}

const UNFIT = /\n\s+at .*[:(]\d+|node_modules|\bselect .* from |insert into /i

function judge(section: Section, { says, command, expected }: Mistake, output: string): void {
  section.shell(command.replace('$GATEHOUSE_PORT', '8080'), output)
  const isPlain = !UNFIT.test(output)
  section.claim(
    `${says}: says what is wrong${isPlain ? '' : ', but shows a stack or SQL'}`,
    expected.test(output) && isPlain,
  )
}

/** The status, the challenge and the body; the other headers are the same everywhere. */
function withoutPlainHeaders(output: string): string {
  const [head = '', ...body] = output.split('\r\n\r\n')
  const kept = head.split('\r\n').filter(line => /^(HTTP\/|www-authenticate|allow:|retry-after)/i.test(line))
  const data = body
    .join('\n')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('event:'))
  return [...kept, ...data].join('\n')
}
