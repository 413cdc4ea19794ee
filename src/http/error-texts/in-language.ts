import type { ReasonCode } from '../../access/reasons.ts'
import type { Locale } from '../locale.ts'
import { de } from './de.ts'
import type { ErrorTexts } from './error-texts.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'

const languages: Partial<Record<Locale, ErrorTexts>> = { de, fr, es }

/** What an error is about. */
interface Told {
  /** Which sentence of ISC's it is, where it is one. */
  sentence: string | undefined
  detailCode: string
  reason?: ReasonCode | undefined
}

/** What an error says in this language; undefined in English, and where nothing is known to say. */
export function errorTextIn(locale: Locale, { sentence: key, detailCode, reason }: Told): string | undefined {
  const texts = languages[locale]
  if (!texts) return undefined
  const sentence = lookUp(texts.sentences, key)
  const why = lookUp(texts.reasons, reason) ?? (sentence ? undefined : lookUp(texts.details, detailCode.split(' ')[0]))
  return sentence || why ? [sentence, why].filter(Boolean).join(' ') : undefined
}

const lookUp = (table: Readonly<Record<string, string>>, key: string | undefined): string | undefined =>
  key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined
