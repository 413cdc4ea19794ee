const LOGIN_HINT_MAX = 128

/**
 * The sign-in name that an application proposes (`login_hint`), where it can be one: a hint that cannot is no reason to
 * refuse. It is for the sign-in form alone, where the person sees and may change it.
 */
export const readLoginHint = (text: string | undefined): string | undefined =>
  text && text.length <= LOGIN_HINT_MAX && !/\p{C}/u.test(text) ? text : undefined
