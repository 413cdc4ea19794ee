/**
 * What people type, for every command: two or three lines that show what it is for. A line that begins with another
 * program is written out.
 */
export const examples: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'explain',
    [
      'sallyport explain GET /v3/sources',
      'sallyport explain GET /v2025/identities --context user --level HELPDESK --scope idn:identity:read',
      'sallyport explain 0d9f5b2c8d1e4a7f9b3c6d5e8f7a1b2c',
    ],
  ],
  [
    'can',
    [
      'sallyport can GET /v3/sources',
      'sallyport can GET /v2025/identities --as client:2b8f6d1c-3a5e-4c7f-9b1d-8e0a2c4f6b18 && echo yes',
      'sallyport can GET /v2025/identities --context application --scope sp:scopes:all',
    ],
  ],
  [
    'smallest',
    [
      "sallyport smallest --for 'GET /v2025/identities' --for 'POST /v3/sources'",
      'sallyport smallest collection.json',
      'sallyport smallest - < commands.sh',
    ],
  ],
  [
    'matrix',
    [
      'sallyport matrix --context user',
      'sallyport matrix --path /v3/sources --json',
      'sallyport matrix --as-context user --as-scopes sp:scopes:all --as-user-levels HELPDESK',
    ],
  ],
  [
    'policy test',
    ['sallyport policy test examples/policy.yaml', 'sallyport policy test policies/*.yaml --junit policy.xml'],
  ],
  ['jwt', ['sallyport jwt - < token.txt', 'curl -s ... | sallyport jwt']],
  [
    'doctor client',
    [
      'sallyport doctor client',
      'sallyport doctor client GET /v2025/identities',
      'sallyport doctor client GET /v3/sources --url https://acme.api.identitynow.com',
    ],
  ],
  ['doctor server', ['sallyport doctor server', 'sallyport doctor server --data data --json']],
  ['pat list', ['sallyport pat list', 'sallyport pat list --owner all --json']],
  [
    'pat create',
    [
      'sallyport pat create nightly --expires 2027-05-21 -o env > .env',
      'sallyport pat create ci --scope idn:sources:read --never --secret-file ci.secret',
    ],
  ],
  [
    'pat edit',
    ['sallyport pat edit nightly --name weekly', 'sallyport pat edit nightly --scope idn:sources:read --never'],
  ],
  ['pat rotate', ['sallyport pat rotate nightly --overlap 7d --secret-file nightly.secret']],
  ['pat delete', ['sallyport pat delete nightly', 'sallyport pat delete nightly --yes']],
  ['client list', ['sallyport client list', 'sallyport client list --json']],
  ['client show', ['sallyport client show Portal', 'sallyport client show Portal --json']],
  [
    'client create',
    [
      'sallyport client create Export --scope idn:accounts:read --secret-file export.secret',
      'sallyport client create Mobile --public --grant AUTHORIZATION_CODE --redirect-uri https://app.example/callback',
    ],
  ],
  [
    'client edit',
    ['sallyport client edit Portal --validity 900', 'sallyport client edit Portal --scope idn:sources:read'],
  ],
  ['client rotate', ['sallyport client rotate Portal --overlap 7d --secret-file portal.secret']],
  ['client enable', ['sallyport client enable Portal']],
  ['client disable', ['sallyport client disable Portal']],
  ['client delete', ['sallyport client delete Portal', 'sallyport client delete Portal --yes']],
  [
    'credential list',
    ['sallyport credential list', "sallyport credential list --filters 'ownerDisabled eq true or neverUsed eq true'"],
  ],
  [
    'credential impact',
    [
      'sallyport credential impact 86f1dc6fe8f54414950454cbb11278fa',
      'sallyport credential impact 86f1dc6fe8f54414950454cbb11278fa --since 2026-06-01',
    ],
  ],
  ['credential right-size', ['sallyport credential right-size 86f1dc6fe8f54414950454cbb11278fa']],
  [
    'credential shadow start',
    ['sallyport credential shadow start 86f1dc6fe8f54414950454cbb11278fa --scope idn:sources:read'],
  ],
  ['credential shadow show', ['sallyport credential shadow show 86f1dc6fe8f54414950454cbb11278fa']],
  ['credential shadow apply', ['sallyport credential shadow apply 86f1dc6fe8f54414950454cbb11278fa']],
  ['credential shadow drop', ['sallyport credential shadow drop 86f1dc6fe8f54414950454cbb11278fa']],
  ['succession report', ['sallyport succession report paul']],
  ['succession list', ['sallyport succession list']],
  ['succession offer', ['sallyport succession offer nightly sam --overlap-days 2']],
  ['succession accept', ['sallyport succession accept 0d9f5b2c8d1e4a7f9b3c6d5e8f7a1b2c --secret-file ci.secret']],
  ['succession decline', ['sallyport succession decline 0d9f5b2c8d1e4a7f9b3c6d5e8f7a1b2c']],
  ['succession withdraw', ['sallyport succession withdraw 0d9f5b2c8d1e4a7f9b3c6d5e8f7a1b2c']],
  ['identity list', ['sallyport identity list', `sallyport identity list --filters 'kind eq "MACHINE"'`]],
  ['identity show', ['sallyport identity show sam', 'sallyport identity show sam --json']],
  [
    'identity create',
    [
      'sallyport identity create eve --email eve@acme.test --level HELPDESK --invite',
      'sallyport identity create export-bot --machine',
    ],
  ],
  ['identity invite', ['sallyport identity invite eve']],
  ['identity enable', ['sallyport identity enable eve']],
  ['identity disable', ['sallyport identity disable eve']],
  ['identity unlock', ['sallyport identity unlock eve']],
  ['identity set-password', ['sallyport identity set-password eve < password.txt']],
  [
    'identity grant',
    ['sallyport identity grant eve SOURCE_ADMIN', 'sallyport identity grant eve HELPDESK SOURCE_ADMIN'],
  ],
  ['identity revoke', ['sallyport identity revoke eve SOURCE_ADMIN']],
  ['identity mail-link', ['sallyport identity mail-link eve']],
  ['identity refresh', ['sallyport identity refresh eve sam']],
  ['identity reset', ['sallyport identity reset eve', 'sallyport identity reset eve --yes']],
  ['identity delete', ['sallyport identity delete eve --yes']],
  ['level list', ['sallyport level list']],
  ['level right-sets', ['sallyport level right-sets']],
  ['level show', ["sallyport level show 'Source reader'"]],
  [
    'level create',
    ["sallyport level create 'People reader' --description 'Sees people' --right-set sallyport:people-read"],
  ],
  ['level edit', ["sallyport level edit 'People reader' --right-set sallyport:people-read sallyport:credentials-read"]],
  ['level publish', ["sallyport level publish 'People reader'"]],
  ['level assign', ["sallyport level assign 'People reader' eve"]],
  ['level delete', ["sallyport level delete 'People reader' --yes"]],
  ['catalog list', ['sallyport catalog list']],
  ['catalog show', ['sallyport catalog show sample']],
  [
    'catalog import',
    [
      'sallyport catalog import orders orders.openapi.yaml --prefix /v1 --upstream sample',
      'sallyport catalog import orders - --upstream https://orders.example < orders.openapi.yaml',
    ],
  ],
  ['catalog replace', ['sallyport catalog replace orders orders.openapi.yaml --dry-run']],
  ['catalog remove', ['sallyport catalog remove orders --yes']],
  [
    'catalog diff',
    ['sallyport catalog diff orders orders.openapi.yaml --breaking', 'sallyport catalog diff before.yaml after.yaml'],
  ],
  ['settings show', ['sallyport settings show', 'sallyport settings show lockout']],
  [
    'settings set',
    [
      'sallyport settings set lockout.maximumAttempts=3 session.maxIdleTime=30',
      `sallyport settings set 'network.range=["10.0.0.0/8"]' network.whitelisted=true`,
    ],
  ],
  [
    'log tail',
    [
      'sallyport log tail',
      'sallyport log tail --allowed --client b61429f5-203d-494c-94c3-04f54e17bc5c',
      'sallyport log tail --json | jq .reason',
    ],
  ],
  ['log denials', ['sallyport log denials', 'sallyport log denials --since 24h --reason scope.missing']],
  [
    'audit list',
    [
      'sallyport audit list --action personal_access_token. --limit 20',
      `sallyport audit list --filters 'created ge 2026-05-01T00:00:00Z and outcome eq "refused"' --json`,
    ],
  ],
  ['audit verify', ['sallyport audit verify', 'sallyport audit verify --data data --json']],
  ['serve', ['sallyport serve --demo', 'sallyport serve --tenant-file shop.yaml --data data']],
  ['apply', ['sallyport apply -f shop.yaml', 'sallyport apply -f shop.yaml --reset']],
  ['tenant create', ['sallyport tenant create acme --display-name Acme --default']],
  ['tenant list', ['sallyport tenant list', 'sallyport tenant list --json']],
  ['tenant suspend', ['sallyport tenant suspend acme']],
  ['tenant resume', ['sallyport tenant resume acme']],
  ['tenant delete', ['sallyport tenant delete acme --yes']],
  ['keys rotate', ['sallyport keys rotate', 'sallyport keys rotate --tenant acme --emergency']],
  ['backup create', ['sallyport backup create /backups/monday']],
  ['backup restore', ['sallyport backup restore /backups/monday --data data --master-key-file /safe/master.key']],
  ['backup restored', ['sallyport backup restored']],
  [
    'profile add',
    ['sallyport profile add prod https://acme.example --client-id 86f1dc6fe8f54414950454cbb11278fa < secret.txt'],
  ],
  ['profile list', ['sallyport profile list']],
  ['profile use', ['sallyport profile use prod']],
  ['profile remove', ['sallyport profile remove prod --yes']],
  [
    'completion',
    ['source <(sallyport completion bash)', 'sallyport completion fish > ~/.config/fish/completions/sallyport.fish'],
  ],
  ['version', ['sallyport version']],
  ['help', ['sallyport help pat create', 'sallyport help exit-codes']],
])

/** The examples for the help of a command; where it only holds others, the first of each of those. */
export function examplesBelow(path: string): string[] {
  const own = examples.get(path)
  if (own) return [...own]
  return [...examples].filter(([each]) => each.startsWith(`${path} `)).flatMap(([, [first]]) => first ?? [])
}
