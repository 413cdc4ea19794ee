// oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access -- a browser script: Swagger UI brings globals without types
const layouts = ['sallyport', 'v2026', 'v2025', 'v2024', 'v3', 'beta', 'v1', 'oauth']

// From the page's own address: it may stand behind a path of somebody's proxy.
const base = new URL('.', location.href)

const ui = SwaggerUIBundle({
  dom_id: '#reference',
  urls: layouts.map((layout) => ({ name: layout, url: new URL(`openapi.json?layout=${layout}`, base).href })),
  'urls.primaryName': 'sallyport',
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  oauth2RedirectUrl: new URL('docs/oauth2-redirect.html', base).href,
  validatorUrl: null,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  filter: true,
  deepLinking: true,
  persistAuthorization: false,
})

ui.initOAuth({ usePkceWithAuthorizationCodeGrant: true })
