/** The languages that pages are written in. */
export const LOCALES = ['en', 'de', 'fr', 'es'] as const
/** One of them. */
export type Locale = (typeof LOCALES)[number]

const DEFAULT: Locale = 'en'
const RANGES_MAX = 20
/** White space is asked for in one place at a time: two in a row would share out a long run of it in every way. */
const RANGE = /^([a-z]{1,8})(?:-[a-z0-9-]{1,40})?(?:\s*;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i

/** The language that a browser prefers of those we have (RFC 9110 §12.5.4); English where it names none of them. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  let best: { locale: Locale; weight: number } | undefined
  for (const range of (acceptLanguage ?? '').split(',', RANGES_MAX)) {
    const parts = RANGE.exec(range.trim())
    const locale = LOCALES.find((each) => each === parts?.[1]?.toLowerCase())
    const weight = Number(parts?.[2] ?? 1)
    if (locale && weight > (best?.weight ?? 0)) best = { locale, weight }
  }
  return best?.locale ?? DEFAULT
}
