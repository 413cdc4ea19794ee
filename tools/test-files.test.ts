import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryProject } from './temporary-project.ts'
import { findTestFiles, usesDatabase } from './test-files.ts'

test('without patterns all test files of src, test and tools are found, and nothing else', (t) => {
  const root = temporaryProject(t, {
    'src/keys/sign.test.ts': '',
    'src/keys/sign.ts': '',
    'test/flows/code.test.ts': '',
    'test/support/test-app.ts': '',
    'tools/x.test.ts': '',
    'bench/x.test.ts': '',
  })

  assert.deepEqual(findTestFiles(root, []), ['src/keys/sign.test.ts', 'test/flows/code.test.ts', 'tools/x.test.ts'])
  assert.deepEqual(findTestFiles(root, ['src/**']), ['src/keys/sign.test.ts'])
})

const support = {
  'test/support/test-app.ts': 'export {}',
  'test/support/browser.ts': "import { launch } from './launch.ts'",
  'test/support/launch.ts': "import './test-app.ts'\nimport './browser.ts'",
  'test/support/fixtures.ts': "import '../../src/keys/sign.ts'",
  'src/keys/sign.ts': "import '../../test/support/test-app.ts'",
}

const cases: readonly [promise: string, text: string, expected: boolean][] = [
  ['that opens the app runs', "import { startTestApp } from '../../test/support/test-app.ts'", true],
  ['that opens it through other support files runs', "import '../../test/support/browser.ts'", true],
  ['that speaks of TEST_DATABASE runs', "process.env['TEST_DATABASE']", true],
  ['that opens it with import() runs', "await import('../../test/support/test-app.ts')", true],
  ['that only uses fixtures does not run', "import '../../test/support/fixtures.ts'", false],
  ['about a pure rule does not run', "import './scope.ts'", false],
]

for (const [promise, text, expected] of cases) {
  test(`a file ${promise} again on PostgreSQL`, (t) => {
    const root = temporaryProject(t, { ...support, 'src/keys/a.test.ts': text })

    assert.equal(usesDatabase(root, 'src/keys/a.test.ts'), expected)
  })
}
