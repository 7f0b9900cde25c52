import { expect, test } from 'vitest'
import { routeMethods } from './route-methods.ts'

test('finds the methods of every route that matches a path', () => {
  const methods = routeMethods()
  methods.add({ url: '/tasks', method: 'POST' })
  methods.add({ url: '/tasks/:id', method: ['GET', 'HEAD'] })
  methods.add({ url: '/tasks/:id', method: 'DELETE' })
  methods.add({ url: '/app/*', method: 'GET' })
  expect(methods.of('/tasks')).toEqual(['POST'])
  expect(methods.of('/tasks/7')).toEqual(['DELETE', 'GET', 'HEAD'])
  expect(methods.of('/app/a/b')).toEqual(['GET'])
  expect(methods.of('/tasks/7/events')).toEqual([])
  expect(methods.of('/')).toEqual([])
  methods.add({ url: '/message::send', method: 'POST' })
  expect(methods.of('/message:send')).toEqual(['POST'])
})
