import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerCheck } from './answer-schema.ts'
import { nameless } from './published.ts'

const document = {
  paths: {},
  components: {
    responses: { '404': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } } },
    schemas: {
      Thing: {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'string' }, note: { type: 'string', nullable: true }, size: { type: 'integer' } },
      },
    },
  },
}
const operation = {
  responses: {
    '200': {
      content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Thing' } } } },
    },
    '204': {},
    '404': { $ref: '#/components/responses/404' },
  },
}
const check = answerCheck(document)

test('an answer that its schema allows has no problem, null where it is nullable', () => {
  assert.equal(check(operation, 200, [{ id: 'a', note: null, size: 3 }, { id: 'b' }]), undefined)
  assert.equal(check(operation, 204, undefined), undefined)
})

test('an answer that its schema does not allow is told with its place', () => {
  assert.match(check(operation, 200, [{ id: 'a', size: null }]) ?? '', /answer\/0\/size must be integer/)
  assert.match(check(operation, 200, [{ note: 'x' }]) ?? '', /answer\/0 must have required property 'id'/)
})

test('a status that is not declared is a problem, with what was answered', () => {
  assert.match(check(operation, 201, { id: 'a' }) ?? '', /answers 201, which is not declared: \{"id":"a"\}/)
})

test('an answer whose schema stands among the components is held against it', () => {
  assert.equal(check(operation, 404, { id: 'a' }), undefined)
  assert.match(check(operation, 404, {}) ?? '', /answer must have required property 'id'/)
})

test('paths are compared without the names of their parameters', () => {
  assert.equal(nameless('/auth-users/{id}/things/{thing-id}'), '/auth-users/{}/things/{}')
})
