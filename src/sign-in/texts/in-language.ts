import type { Locale } from '../../http/locale.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import type { SignInTexts } from './texts.ts'

const languages: Record<Locale, SignInTexts> = { en, de, fr, es }

/** The sentences of sign-in in this language. */
export const signInTexts = (locale: Locale): SignInTexts => languages[locale]
