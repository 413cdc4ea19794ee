import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeFormComponent, readFields, readForm } from './form.ts'

test('a component that is no UTF-8, or whose escape is broken, is not decoded', () => {
  const texts = ['a+b%20c', '%C3%A9', '%C3', '%zz', '%']

  assert.deepEqual(texts.map(decodeFormComponent), ['a b c', 'é', undefined, undefined, undefined])
})

test('a form is read up to its limit and no further', () => {
  const seen: string[] = []

  const isShort = readForm('a=1&&b=2&c=3', 2, (name) => void seen.push(name))

  assert.equal(isShort, false)
  assert.deepEqual(seen, ['a', 'b'])
})

for (const [what, body, expected] of [
  ['its fields, some of them', 'username=ada&remember=yes', { username: 'ada', remember: 'yes' }],
  ['nothing', '', {}],
  ['an empty field', 'username=', { username: '' }],
  ['a field twice', 'username=ada&username=ada', undefined],
  ['an empty field twice', 'username=&username=ada', undefined],
  ['a field it does not have', 'username=ada&admin=1', undefined],
  ['a name that objects have by birth', '__proto__=1', undefined],
  ['a broken escape', 'username=%zz', undefined],
  ['a line break', 'username=a%0Ab', undefined],
  ['NUL', 'username=a%00', undefined],
  ['more pairs than fields', 'username=a&remember=b&&username=c', undefined],
] as const)
  test(`a form of two fields that holds ${what} is ${expected ? 'read' : 'refused'}`, () => {
    const fields = readFields(body, ['username', 'remember'])

    assert.deepEqual(fields && { ...fields }, expected)
  })

test('what is no text is no form', () => {
  assert.equal(readFields(undefined, ['username']), undefined)
})
