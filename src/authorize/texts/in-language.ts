import type { Locale } from '../../http/locale.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import type { AuthorizeTexts } from './texts.ts'

const languages: Readonly<Record<Locale, AuthorizeTexts>> = { en, de, fr, es }

/** The sentences of authorization in this language. */
export const textsFor = (locale: Locale): AuthorizeTexts => languages[locale]
