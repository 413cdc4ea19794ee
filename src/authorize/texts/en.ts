import type { AuthorizeTexts } from './texts.ts'

export const en: AuthorizeTexts = {
  refusal: {
    title: 'This sign-in cannot go on',
    reasons: {
      'request.unreadable': 'The request cannot be read. Send each parameter once, percent-encoded as UTF-8.',
      'client_id.missing': 'The request does not say which application it comes from: client_id is missing.',
      'client_id.repeated': 'The request names its application twice: send client_id once.',
      'client_id.is_token':
        'This client_id looks like that of a personal access token. Such a token needs no sign-in: exchange its id and secret at the token endpoint with grant_type=client_credentials.',
      'client_id.is_legacy':
        'This client_id looks like one of a legacy API client. Those do not exist here: an administrator makes a client under API Management, whose id is a UUID with dashes.',
      'client_id.is_command_line':
        'The clients of the command line tools are not switched on here. An administrator can do so: settings.compat.cliClients in the tenant file.',
      'client_id.malformed':
        'This client_id is not the id of a client: those are UUIDs with dashes. Was its name sent instead?',
      'client.unknown': 'There is no application with this client_id here that people can sign in to.',
      'redirect_uri.missing': 'The request does not say where the answer goes: redirect_uri is missing.',
      'redirect_uri.repeated': 'The request says twice where the answer goes: send redirect_uri once.',
      'redirect_uri.unregistered':
        'The application asks for an answer at an address that is not registered for it. Every character counts: the scheme, the port, a slash at the end.',
      'interaction.invalid': 'This link is incomplete or altered. Go back to the application and start again.',
      'interaction.expired': 'This took longer than ten minutes. Go back to the application and start again.',
      'interaction.foreign':
        'This sign-in was begun in another browser, or this one keeps no cookies. Go back to the application and start again.',
      'interaction.completed': 'This sign-in is already completed. You can close this page.',
      'form.invalid': 'The form could not be accepted. Go back to the application and start again.',
      'paste.off': 'There is nothing here.',
      'network.denied': 'Your network is not one that this organization allows.',
      'state.stale': 'The database does not answer. Try again in a moment.',
      unexpected: 'Something went wrong on our side. Try again in a moment.',
    },
    sentClientId: 'client_id as sent',
    sentRedirectUri: 'redirect_uri as sent',
    askAdministrator:
      'An administrator who is signed in sees here how it differs from what is registered, and finds it in the audit trail.',
    differences: 'Compared with what is registered',
    trackingId: 'Tracking id',
  },
  consent: {
    title: (client) => `Let ${client} act for you?`,
    signedInAs: 'You are signed in as',
    mayDo: 'It may do',
    everything: 'everything you may do',
    nothingParticular: 'nothing in particular',
    goesTo: 'Your answer goes to',
    thisComputer: 'a program on this computer',
    application: 'an application on this device',
    pastePage: 'a page here, with a code to copy into your command line',
    allow: 'Allow',
    deny: 'Deny',
    switchAccount: 'Not you? Use another account',
  },
  paste: {
    title: 'Copy this code',
    copy: 'Paste it into the command line that is waiting for it. It is good for one minute, once.',
    code: 'Code',
    confirmation: 'Confirmation',
    compare: 'Your command line must show the same.',
    onlyYours: 'Paste it nowhere else, whoever asks: it signs in as you.',
    refusedTitle: 'No code was given',
    refused: 'The command line was not allowed in. You can close this page and start again there.',
  },
}
