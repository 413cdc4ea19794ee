import type { SignInTexts } from './texts.ts'

export const de: SignInTexts = {
  login: {
    title: 'Anmelden',
    lead: (tenant) => `Mit Ihrem Konto bei ${tenant}.`,
    username: 'Benutzername',
    password: 'Passwort',
    remember: 'Auf diesem Gerät angemeldet bleiben',
    submit: 'Anmelden',
    forgot: 'Passwort vergessen?',
    refused:
      'Benutzername und Passwort passen nicht zusammen, oder dieses Konto kann sich zurzeit nicht anmelden. Prüfen Sie beides, oder warten Sie nach mehreren Versuchen eine Weile.',
  },
  welcome: {
    title: 'Sie sind angemeldet',
    lead: (name, alias) => `Als ${name} (${alias}).`,
    change: 'Passwort ändern',
    signOut: 'Abmelden',
    reference: 'API-Referenz',
  },
  signOut: {
    title: 'Abmelden?',
    lead: (name) => `Sie sind in diesem Browser als ${name} angemeldet.`,
    submit: 'Abmelden',
    stay: 'Angemeldet bleiben',
    doneTitle: 'Sie sind abgemeldet',
    doneLead:
      'In diesem Browser. Schon geöffnete Anwendungen behalten ihre eigene Anmeldung vielleicht noch eine Weile.',
    again: 'Wieder anmelden',
  },
  forgot: {
    title: 'Passwort zurücksetzen',
    lead: 'Sagen Sie uns, wer Sie sind. Wir schicken einen Link an die hinterlegte E-Mail-Adresse.',
    submit: 'Link schicken',
    back: 'Zurück zur Anmeldung',
    sentTitle: 'Sehen Sie in Ihre E-Mails',
    sent: (alias) => `Wenn ${alias} ein Konto mit einer E-Mail-Adresse hat, ist ein Link unterwegs.`,
    sentHint:
      'Er gilt einmal und 15 Minuten lang. Nichts angekommen? Sehen Sie im Spam-Ordner nach, oder fragen Sie Ihre Administration.',
  },
  reset: {
    title: 'Neues Passwort wählen',
    lead: 'Sie werden überall abgemeldet und melden sich damit neu an.',
    newPassword: 'Neues Passwort',
    repeat: 'Neues Passwort, noch einmal',
    rule: 'Mindestens 12 Zeichen. Ein paar Wörter hintereinander merkt man sich leicht und errät man schwer.',
    submit: 'Passwort setzen',
    usedTitle: 'Dieser Link gilt nicht mehr',
    used: 'Er wurde schon benutzt, es gibt einen neueren, oder seine Zeit ist um.',
    again: 'Neuen Link schicken',
    done: 'Ihr neues Passwort gilt. Melden Sie sich damit an.',
  },
  change: {
    title: 'Passwort ändern',
    lead: 'Andere Browser und Anwendungen werden abgemeldet. Dieser bleibt angemeldet.',
    current: 'Bisheriges Passwort',
    submit: 'Passwort ändern',
    wrong: 'Das ist nicht Ihr bisheriges Passwort. Warten Sie nach mehreren Versuchen eine Weile.',
    back: 'Zurück',
    done: 'Ihr Passwort ist geändert. Alles andere ist abgemeldet.',
  },
  objections: {
    too_short: 'Zu kurz: Nehmen Sie mindestens 12 Zeichen.',
    too_long: 'Zu lang: Nehmen Sie höchstens 1024 Bytes.',
    too_common: 'Zu leicht zu erraten: Viele benutzen dies oder etwas Ähnliches.',
    names_you: 'Zu leicht zu erraten: Ihr Benutzername oder der Name Ihrer Organisation kommt darin vor.',
    differs: 'Die beiden neuen Passwörter sind verschieden.',
    same: 'Dieses Passwort haben Sie schon. Wählen Sie ein anderes.',
  },
  errors: {
    stale: 'Diese Seite ist zu alt',
    staleHint:
      'Sie wurde in einem anderen Browser geöffnet, oder Cookies sind gesperrt. Öffnen Sie sie neu und wiederholen Sie den Schritt.',
    malformed: 'Dieses Formular war nicht lesbar',
    malformedHint: 'Öffnen Sie die Seite neu und wiederholen Sie den Schritt.',
    tooMany: 'Zu viele Versuche',
    tooManyHint: (seconds) =>
      `Aus Ihrem Netz sind zu viele fehlgeschlagen. Versuchen Sie es in ${seconds} Sekunden wieder.`,
    busy: 'Gerade sehr viel los',
    busyHint:
      'Viele melden sich im Moment an. Ihr Passwort wurde nicht geprüft. Versuchen Sie es in ein paar Sekunden wieder.',
    network: 'Nicht aus diesem Netz',
    networkHint: 'Ihre Organisation erlaubt die Anmeldung nur aus bestimmten Netzen. Ihres gehört nicht dazu.',
    internal: 'Hier ist etwas schiefgegangen',
    internalHint: 'Es liegt nicht an Ihnen. Geschieht es wieder, nennen Sie Ihrer Administration diese Nummer:',
    unavailable: 'Zurzeit nicht erreichbar',
    unavailableHint: 'Die Datenbank antwortet nicht. Es wurde nichts geändert. Versuchen Sie es gleich noch einmal.',
    trackingId: 'Vorgangsnummer',
    retry: 'Noch einmal versuchen',
  },
  mail: {
    resetSubject: (tenant) => `Ihr Passwort bei ${tenant} zurücksetzen`,
    reset: ({ name, tenant, link, minutes }) => `Guten Tag ${name},

jemand möchte das Passwort Ihres Kontos bei ${tenant} zurücksetzen. Waren Sie es, öffnen Sie diesen Link:

${link}

Er gilt einmal und ${minutes} Minuten lang. Waren Sie es nicht, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist.
`,
    inviteSubject: (tenant) => `Ihr Konto bei ${tenant}`,
    invite: ({ name, alias, tenant, link, hours }) => `Guten Tag ${name},

Sie haben ein Konto bei ${tenant}. Wählen Sie hier ein Passwort dafür:

${link}

Der Link gilt einmal und ${hours} Stunden lang. Danach melden Sie sich als ${alias} an.
`,
    lockedSubject: (tenant) => `Die Anmeldung an Ihrem Konto bei ${tenant} ruht`,
    locked: ({ name, tenant, network, until }) => `Guten Tag ${name},

bei Ihrem Konto bei ${tenant} wurde mehrmals ein falsches Passwort eingegeben, zuletzt von ${network} aus.
Die Anmeldung ruht bis ${until}.

Waren Sie es, warten Sie so lange. Waren Sie es nicht, sagen Sie es Ihrer Administration.
`,
    passwordSubject: (tenant) => `Das Passwort Ihres Kontos bei ${tenant} wurde geändert`,
    passwordChanged: ({ name, tenant, at }) => `Guten Tag ${name},

das Passwort Ihres Kontos bei ${tenant} wurde am ${at} geändert. Browser und Anwendungen, die mit dem alten angemeldet
waren, sind abgemeldet.

Waren Sie es, oder Ihre Administration für Sie, brauchen Sie nichts zu tun. Sonst sagen Sie es sofort Ihrer Administration.
`,
  },
}
