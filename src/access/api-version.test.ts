import assert from 'node:assert/strict'
import { test } from 'node:test'
import { versionOf } from './api-version.ts'

for (const [path, version] of [
  ['/v3/sources/{id}', 'v3'],
  ['/beta/sources', 'beta'],
  ['/v2024/sources', 'v2024'],
  ['/v2025/sources', 'v2025'],
  ['/v2026/sources', 'v2026'],
  ['/v2/workgroups', 'v2'],
  ['/v3', 'v3'],
  ['/cc/api/source/list', 'cc'],
  ['/cc/other', 'other'],
  ['/machine-identities/v1', 'v1'],
  ['/machine-identities/v1/{id}', 'v1'],
  ['/v3/v1', 'v3'],
  ['/orders/v10', 'other'],
  ['/orders/{id}/v1', 'other'],
  ['/V3/sources', 'other'],
  ['/', 'other'],
  ['', 'other'],
] as const) {
  test(`the version of ${path || 'no path'} is ${version}`, () => {
    assert.equal(versionOf(path), version)
  })
}
