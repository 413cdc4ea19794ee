import assert from 'node:assert/strict'
import { request } from 'undici'
import { hiddenFieldsOf, PASSWORD } from './sign-in.ts'

/** What a person types and clicks. */
export interface PersonAnswers {
  username: string
  password?: string
  decision?: 'allow' | 'deny'
}

const STEPS_MAX = 10

/**
 * Opens an authorization URL as a new browser would, fills in the forms it is shown, and answers where the application
 * gets the browser back.
 */
export async function followToApplication(authorizationUrl: string | URL, answers: PersonAnswers): Promise<URL> {
  const { origin } = new URL(authorizationUrl)
  const visit = visitor()
  let page = await visit(new URL(authorizationUrl))
  for (let step = 0; step < STEPS_MAX; step++) {
    if (page.location === undefined) page = await visit(page.url, formOf(page.text, answers))
    else if (page.location.origin !== origin) return page.location
    else page = await visit(page.location)
  }
  return assert.fail(`The application never got the browser back, which is at ${page.url.href}.`)
}

interface Form {
  action: string
  fields: Record<string, string>
}

function formOf(text: string, { username, password = PASSWORD, decision = 'allow' }: PersonAnswers): Form {
  const action = /<form method="post" action="([^"]+)"/.exec(text)?.[1]
  assert.ok(action, `There is no form on this page: ${text}`)
  const typed = text.includes('name="password"') ? { username, password } : { decision }
  return { action, fields: { ...hiddenFieldsOf(text), ...typed } }
}

interface Visited {
  url: URL
  text: string
  location: URL | undefined
}

/** A browser that keeps its cookies, for one site. */
function visitor(): (url: URL, form?: Form) => Promise<Visited> {
  const cookies = new Map<string, string>()
  return async (at, form) => {
    const url = new URL(form?.action ?? '', at)
    if (!form) url.search = at.search
    const { headers, body } = await request(url, {
      method: form ? 'POST' : 'GET',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }),
      },
      ...(form && { body: new URLSearchParams(form.fields).toString() }),
    })
    for (const line of [headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const { location } = headers
    return {
      url,
      text: await body.text(),
      location: location === undefined ? undefined : new URL(String(location), url),
    }
  }
}
