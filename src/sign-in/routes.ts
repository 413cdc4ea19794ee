import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { styleSheet } from '../http/page.ts'
import { loginRoutes } from './login-routes.ts'
import { logoutRoutes } from './logout-routes.ts'
import { type SignInRouteOptions, servePages } from './page-plugin.ts'
import { passwordRoutes } from './password-routes.ts'

/** The pages on which people sign in and out and look after their password: HTML forms, without a line of script. */
export async function signInRoutes(app: FastifyInstance, options: SignInRouteOptions): Promise<void> {
  servePages(app, options)
  app.get(
    '/login/style.css',
    {
      schema: {
        operationId: 'getStyleSheet',
        summary: 'The look of the sign-in pages',
        security: [{}],
        response: { 200: Type.String() },
      },
    },
    (_request, reply) =>
      reply
        .headers({
          'content-type': 'text/css; charset=utf-8',
          // Its address changes with what it says.
          'cache-control': 'public, max-age=31536000, immutable',
          'x-content-type-options': 'nosniff',
        })
        .send(styleSheet),
  )
  await app.register(loginRoutes, options)
  await app.register(passwordRoutes, options)
  await app.register(logoutRoutes, options)
}
