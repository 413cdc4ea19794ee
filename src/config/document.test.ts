import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderConfigurationDoc } from './document.ts'
import { settingOptions } from './setting-options.ts'

test('every setting has a row of four cells with its flag, its variables, its meaning and its default', () => {
  const rows = renderConfigurationDoc().matchAll(/^\| (.*) \|$/gm)

  const cells = [...rows].slice(2).map(([, row = '']) => row.split(' | '))
  assert.equal(cells.length, settingOptions().length)
  for (const [index, { environment, meaning }] of settingOptions().entries()) {
    assert.equal(cells[index]?.length, 4)
    assert.ok(cells[index]?.[1]?.includes(environment))
    assert.equal(cells[index]?.[2], meaning)
  }
})

test('every flag is the key of its setting in kebab case, as the parsed command line spells it', () => {
  const flags = settingOptions().filter(({ flag }) => flag !== undefined)

  for (const { key, flag } of flags) {
    assert.equal(flag, `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`)
  }
})

test('every variable begins with SALLYPORT_ and belongs to one setting', () => {
  const names = settingOptions().flatMap(({ environment, fileEnvironment }) => [
    environment,
    fileEnvironment ?? environment,
  ])

  assert.ok(names.every((name) => /^SALLYPORT_[A-Z_]+$/.test(name)))
  assert.equal(new Set(settingOptions().map(({ environment }) => environment)).size, settingOptions().length)
})
