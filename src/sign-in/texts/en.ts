import type { SignInTexts } from './texts.ts'

export const en: SignInTexts = {
  login: {
    title: 'Sign in',
    lead: (tenant) => `Use your ${tenant} account.`,
    username: 'Username',
    password: 'Password',
    remember: 'Keep me signed in on this device',
    submit: 'Sign in',
    forgot: 'Forgot your password?',
    refused:
      'Username and password do not go together, or this account cannot sign in at the moment. Check both, or wait a while after several tries.',
  },
  welcome: {
    title: 'You are signed in',
    lead: (name, alias) => `As ${name} (${alias}).`,
    change: 'Change your password',
    signOut: 'Sign out',
    reference: 'API reference',
  },
  signOut: {
    title: 'Sign out?',
    lead: (name) => `You are signed in as ${name} in this browser.`,
    submit: 'Sign out',
    stay: 'Stay signed in',
    doneTitle: 'You are signed out',
    doneLead: 'In this browser. Applications that you opened before may keep their own sign-in for a while.',
    again: 'Sign in again',
  },
  forgot: {
    title: 'Reset your password',
    lead: 'Tell us who you are, and we send a link to the e-mail address on file.',
    submit: 'Send the link',
    back: 'Back to sign-in',
    sentTitle: 'Look at your mail',
    sent: (alias) => `If ${alias} has an account with an e-mail address, a link is on its way.`,
    sentHint: 'It works once and for 15 minutes. Nothing there? Look in the junk folder, or ask your administrator.',
  },
  reset: {
    title: 'Choose a new password',
    lead: 'You will be signed out everywhere, and sign in again with it.',
    newPassword: 'New password',
    repeat: 'New password, once more',
    rule: 'At least 12 characters. A few words in a row are easy to remember and hard to guess.',
    submit: 'Set the password',
    usedTitle: 'This link no longer works',
    used: 'It was used already, a newer one was sent, or its time is over.',
    again: 'Send a new link',
    done: 'Your new password is set. Sign in with it.',
  },
  change: {
    title: 'Change your password',
    lead: 'Other browsers and applications are signed out. This one stays.',
    current: 'Current password',
    submit: 'Change the password',
    wrong: 'This is not your current password. After several tries, wait a while.',
    back: 'Back',
    done: 'Your password is changed. Everything else is signed out.',
  },
  objections: {
    too_short: 'Too short: use at least 12 characters.',
    too_long: 'Too long: use at most 1024 bytes.',
    too_common: 'Too easy to guess: many people use this or something like it.',
    names_you: 'Too easy to guess: it holds your username or the name of your organisation.',
    differs: 'The two new passwords differ.',
    same: 'This is the password you have now. Choose another.',
  },
  errors: {
    stale: 'This page is too old',
    staleHint: 'It was opened in another browser, or cookies are blocked. Open it again and repeat what you did.',
    malformed: 'This form could not be read',
    malformedHint: 'Open the page again and repeat what you did.',
    tooMany: 'Too many tries',
    tooManyHint: (seconds) => `From your network there were too many that failed. Try again in ${seconds} seconds.`,
    busy: 'Very busy at the moment',
    busyHint: 'Many people sign in right now. Your password was not looked at. Try again in a few seconds.',
    network: 'Not from this network',
    networkHint: 'Your organisation allows sign-in from certain networks only, and yours is not one of them.',
    internal: 'Something went wrong here',
    internalHint: 'It is not your fault. If it happens again, tell your administrator this number:',
    unavailable: 'Not available at the moment',
    unavailableHint: 'The database does not answer. Nothing was changed. Try again in a moment.',
    trackingId: 'Tracking id',
    retry: 'Try again',
  },
  mail: {
    resetSubject: (tenant) => `Reset your ${tenant} password`,
    reset: ({ name, tenant, link, minutes }) => `Hello ${name},

somebody asked to reset the password of your ${tenant} account. If it was you, open this link:

${link}

It works once and for ${minutes} minutes. If it was not you, you need do nothing: your password stays as it is.
`,
    inviteSubject: (tenant) => `Your ${tenant} account`,
    invite: ({ name, alias, tenant, link, hours }) => `Hello ${name},

you have an account at ${tenant}. Choose a password for it here:

${link}

The link works once and for ${hours} hours. Then sign in as ${alias}.
`,
    lockedSubject: (tenant) => `Sign-in to your ${tenant} account is paused`,
    locked: ({ name, tenant, network, until }) => `Hello ${name},

there were several tries to sign in to your ${tenant} account with a wrong password, the last one from ${network}.
Sign-in is paused until ${until}.

If it was you, wait until then. If it was not, tell your administrator.
`,
    passwordSubject: (tenant) => `The password of your ${tenant} account was changed`,
    passwordChanged: ({ name, tenant, at }) => `Hello ${name},

the password of your ${tenant} account was changed on ${at}. Browsers and applications that were signed in with the old
one are signed out.

If it was you, or your administrator did it for you, there is nothing to do. If not, tell your administrator at once.
`,
  },
}
