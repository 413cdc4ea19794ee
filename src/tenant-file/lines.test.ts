import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineCounter, parseDocument } from 'yaml'
import { lineFinder, type Path, pathText } from './lines.ts'

const text = 'tenant:\n  name: acme\nidentities:\n  - alias: ada\n    userLevels:\n      - A\n      - B\n'

function lineOf(path: Path): number {
  const lineCounter = new LineCounter()
  return lineFinder(parseDocument(text, { lineCounter }), lineCounter)(path)
}

for (const [path, line] of [
  [[], 1],
  [['tenant'], 1],
  [['tenant', 'name'], 2],
  [['identities', 0], 4],
  [['identities', 0, 'userLevels'], 5],
  [['identities', 0, 'userLevels', 1], 7],
  [['identities', 0, 'password'], 4],
  [['identities', 9, 'password'], 3],
  [['absent'], 1],
] satisfies [Path, number][]) {
  test(`${pathText(path) || 'the file itself'} stands on line ${line}`, () => {
    assert.equal(lineOf(path), line)
  })
}

test('a path is written as people write it, with odd keys in quotes', () => {
  assert.equal(pathText(['identities', 0, 'userLevels', 2]), 'identities[0].userLevels[2]')
  assert.equal(pathText(['scopeGrants', 'orders:read']), 'scopeGrants."orders:read"')
  assert.equal(pathText(['\u001b[2J']), '"?[2J"')
})
