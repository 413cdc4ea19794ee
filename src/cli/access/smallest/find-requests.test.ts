import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findRequests } from './find-requests.ts'

for (const [what, text, expected] of [
  ['a bare address', 'curl https://a.example/v3/x', ['GET /v3/x']],
  ['data', `curl https://a.example/v3/x --data-raw '{"a":1}'`, ['POST /v3/x']],
  ['data in the query', `curl -G https://a.example/v3/x -d a=1`, ['GET /v3/x']],
  ['a method glued to its option', 'curl -XDELETE https://a.example/v3/x', ['DELETE /v3/x']],
  ['a method after an equals sign', 'curl --request=PUT https://a.example/v3/x', ['PUT /v3/x']],
  ['the head alone', 'curl -sI https://a.example/v3/x', ['HEAD /v3/x']],
  ['an address that is named', 'curl --url "https://a.example/v3/x"', ['GET /v3/x']],
  ['a variable in front', 'curl "$BASE/v3/x/$ID"', ['GET /v3/x/{id}']],
  [
    'a header that looks like an address',
    `curl -H 'Referer: https://b.example/y' https://a.example/v3/x`,
    ['GET /v3/x'],
  ],
  ['several lines', 'curl -X PATCH \\\n  https://a.example/v3/x \\\n  -d "[]"', ['PATCH /v3/x']],
  ['two commands', 'curl https://a.example/a; curl https://a.example/b', ['GET /a', 'GET /b']],
  ['a pipe', 'curl https://a.example/a | tee /v3/y', ['GET /a']],
  ['quotes within quotes', `curl -d "{\\"a\\": \\"GET /no\\"}" https://a.example/v3/x`, ['POST /v3/x']],
  ['lines', 'get /a\n  POST /b?c=1\nnothing', ['GET /a', 'POST /b']],
  [
    'parameters as Postman writes them',
    '{"item":[{"request":{"method":"GET","url":"{{base}}/v3/x/:id"}}]}',
    ['GET /v3/x/{id}'],
  ],
  ['other JSON', '{"a":1}', []],
  ['a list', '[]', []],
] as const) {
  test(`requests are found in ${what}`, () => {
    const found = findRequests(text).map(({ method, path }) => `${method} ${path}`)

    assert.deepEqual(found, expected)
  })
}

test('what nests too deeply to be a collection costs nothing', () => {
  const nested = `${'{"item":['.repeat(5000)}${']}'.repeat(5000)}`

  assert.deepEqual(findRequests(nested), [])
})
