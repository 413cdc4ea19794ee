import type { AuthorizeTexts } from './texts.ts'

export const de: AuthorizeTexts = {
  refusal: {
    title: 'Diese Anmeldung kann nicht weitergehen',
    reasons: {
      'request.unreadable':
        'Die Anfrage ist nicht lesbar. Jeder Parameter darf nur einmal vorkommen, prozentkodiert in UTF-8.',
      'client_id.missing': 'Die Anfrage sagt nicht, von welcher Anwendung sie kommt: client_id fehlt.',
      'client_id.repeated': 'Die Anfrage nennt ihre Anwendung zweimal: client_id darf nur einmal vorkommen.',
      'client_id.is_token':
        'Diese client_id sieht aus wie die eines persönlichen Zugriffstokens. Damit meldet man sich nicht an: Tauschen Sie Id und Geheimnis am Token-Endpunkt mit grant_type=client_credentials ein.',
      'client_id.is_legacy':
        'Diese client_id sieht aus wie die eines alten API-Clients. Solche gibt es hier nicht: Ein Administrator legt unter API-Verwaltung einen Client an, dessen Id eine UUID mit Bindestrichen ist.',
      'client_id.is_command_line':
        'Die Clients der Kommandozeilenwerkzeuge sind hier nicht eingeschaltet. Ein Administrator kann das tun: settings.compat.cliClients in der Mandantendatei.',
      'client_id.malformed':
        'Diese client_id ist keine Id eines Clients: Das sind UUIDs mit Bindestrichen. Wurde stattdessen der Name gesendet?',
      'client.unknown': 'Unter dieser client_id gibt es hier keine Anwendung, bei der man sich anmelden kann.',
      'redirect_uri.missing': 'Die Anfrage sagt nicht, wohin die Antwort geht: redirect_uri fehlt.',
      'redirect_uri.repeated':
        'Die Anfrage sagt zweimal, wohin die Antwort geht: redirect_uri darf nur einmal vorkommen.',
      'redirect_uri.unregistered':
        'Die Anwendung möchte die Antwort an eine Adresse, die für sie nicht eingetragen ist. Jedes Zeichen zählt: das Schema, der Port, ein Schrägstrich am Ende.',
      'interaction.invalid':
        'Dieser Link ist unvollständig oder verändert. Kehren Sie zur Anwendung zurück und beginnen Sie neu.',
      'interaction.expired':
        'Das hat länger als zehn Minuten gedauert. Kehren Sie zur Anwendung zurück und beginnen Sie neu.',
      'interaction.foreign':
        'Diese Anmeldung wurde in einem anderen Browser begonnen, oder dieser nimmt keine Cookies an. Kehren Sie zur Anwendung zurück und beginnen Sie neu.',
      'interaction.completed': 'Diese Anmeldung ist schon abgeschlossen. Sie können diese Seite schließen.',
      'form.invalid':
        'Das Formular konnte nicht angenommen werden. Kehren Sie zur Anwendung zurück und beginnen Sie neu.',
      'paste.off': 'Hier ist nichts.',
      'network.denied': 'Ihr Netz gehört nicht zu denen, die diese Organisation zulässt.',
      'state.stale': 'Die Datenbank antwortet nicht. Versuchen Sie es gleich noch einmal.',
      unexpected: 'Bei uns ist etwas schiefgegangen. Versuchen Sie es gleich noch einmal.',
    },
    sentClientId: 'client_id wie gesendet',
    sentRedirectUri: 'redirect_uri wie gesendet',
    askAdministrator:
      'Ein angemeldeter Administrator sieht hier den Unterschied zu dem, was eingetragen ist, und findet ihn im Protokoll.',
    differences: 'Verglichen mit dem, was eingetragen ist',
    trackingId: 'Vorgangsnummer',
  },
  consent: {
    title: (client) => `Darf ${client} für Sie handeln?`,
    signedInAs: 'Sie sind angemeldet als',
    mayDo: 'Erlaubt ist dann',
    everything: 'alles, was Sie dürfen',
    nothingParticular: 'nichts Bestimmtes',
    goesTo: 'Ihre Antwort geht an',
    thisComputer: 'ein Programm auf diesem Rechner',
    application: 'eine Anwendung auf diesem Gerät',
    pastePage: 'eine Seite hier, mit einem Code für Ihre Kommandozeile',
    allow: 'Erlauben',
    deny: 'Ablehnen',
    switchAccount: 'Nicht Sie? Anderes Konto verwenden',
  },
  paste: {
    title: 'Kopieren Sie diesen Code',
    copy: 'Fügen Sie ihn in die Kommandozeile ein, die darauf wartet. Er gilt eine Minute lang und einmal.',
    code: 'Code',
    confirmation: 'Bestätigung',
    compare: 'Ihre Kommandozeile muss dasselbe anzeigen.',
    onlyYours: 'Fügen Sie ihn nirgends sonst ein, wer auch darum bittet: Er meldet an, als wären Sie es.',
    refusedTitle: 'Es wurde kein Code vergeben',
    refused: 'Die Kommandozeile wurde nicht zugelassen. Sie können diese Seite schließen und dort von vorn beginnen.',
  },
}
