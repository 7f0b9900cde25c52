// Settings: valid, fitting together, and none of them a password that everybody knows.
import type { Config, Secret } from '../../../platform/config.ts'
import { isSampleSecret } from '../../../platform/sample-secrets.ts'
import { fine, odd, wrong, type Finding } from '../finding.ts'
import type { Facts } from '../facts/facts.ts'

const LOOPBACK = /^(127(\.\d+){3}|localhost|\[?::1\]?)$/
export function configurationChecks({ config }: Facts): Finding[] {
  if ('problem' in config) {
    return [
      wrong(
        'configuration',
        config.problem,
        'Correct the settings that are named; docs/CONFIGURATION.md lists them all.',
      ),
    ]
  }
  return [
    ...(config.warnings.length === 0
      ? [fine('configuration', 'all settings are valid')]
      : config.warnings.map(warning =>
          odd('configuration', `${warning}.`, 'Correct or remove that variable.'),
        )),
    ...addressChecks(config),
    ...passwordChecks(config),
  ]
}

function addressChecks({ publicUrl, host, port, allowedHosts }: Config): Finding[] {
  const url = new URL(publicUrl)
  const isLocal = LOOPBACK.test(url.hostname)
  const problems: Finding[] = []
  if (isLocal && !LOOPBACK.test(host))
    problems.push(
      odd(
        'public-url',
        `The server listens on ${host}, but its public address is ${publicUrl}.`,
        'Set GATEHOUSE_PUBLIC_URL to the address that clients use: tokens are bound to it.',
      ),
    )
  if (isLocal && LOOPBACK.test(host) && Number(url.port || 80) !== port && port !== 0)
    problems.push(
      odd(
        'public-url',
        `The public address ${publicUrl} names another port than ${port}.`,
        'Let GATEHOUSE_PUBLIC_URL and GATEHOUSE_PORT agree, unless a proxy stands between them.',
      ),
    )
  if (!isLocal && url.protocol !== 'https:')
    problems.push(
      wrong(
        'public-url',
        `The public address ${publicUrl} is not https.`,
        'Put TLS in front and set GATEHOUSE_PUBLIC_URL to the https address.',
      ),
    )
  if (allowedHosts.some(name => name.includes('*') || name === '0.0.0.0'))
    problems.push(
      wrong(
        'allowed-hosts',
        'GATEHOUSE_ALLOWED_HOSTS holds a wildcard.',
        'Name each host: a list that takes every name does not stop DNS rebinding.',
      ),
    )
  return problems.length > 0 ? problems : [fine('public-url', `${publicUrl}, listening on ${host}:${port}`)]
}

function passwordChecks({ database }: Config): Finding[] {
  if (database.kind === 'embedded') return [fine('default-secret', 'there is no database password')]
  const urls: [name: string, url: Secret | undefined][] = [
    ['DATABASE_URL', database.url],
    ['DATABASE_OWNER_URL', database.ownerUrl],
    ['DATABASE_WORKER_URL', database.workerUrl],
    ['DATABASE_DIRECT_URL', database.directUrl],
  ]
  const known = urls.flatMap(([name, url]) => (url === undefined ? [] : defaultPassword(name, url)))
  const left =
    database.adminUrl === undefined
      ? []
      : [
          odd(
            'admin-url',
            'DATABASE_ADMIN_URL is set where the server runs.',
            'Take it away after init-database: the server needs no administrator.',
          ),
        ]
  return [...(known.length === 0 ? [fine('default-secret', 'no well-known password')] : known), ...left]
}

/** On this very host it is only odd: whoever could try it there is here already. */
function defaultPassword(name: string, secret: Secret): Finding[] {
  const url = new URL(secret.reveal())
  if (!isDefault(url)) return []
  const seen = `The password in ${name} is one that everybody tries first.`
  const fix = `Give that login a long random password, and set ${name} to it.`
  return [(LOOPBACK.test(url.hostname) || url.hostname === '' ? odd : wrong)('default-secret', seen, fix)]
}

function isDefault({ username, password }: URL): boolean {
  const given = decodeURIComponent(password)
  return given !== '' && (isSampleSecret(given) || ['postgres', decodeURIComponent(username)].includes(given))
}
