import type { AuthorizeTexts } from './texts.ts'

export const fr: AuthorizeTexts = {
  refusal: {
    title: 'Cette connexion ne peut pas continuer',
    reasons: {
      'request.unreadable':
        'La demande est illisible. Envoyez chaque paramètre une seule fois, encodé en UTF-8 avec des pourcents.',
      'client_id.missing': 'La demande ne dit pas de quelle application elle vient : client_id manque.',
      'client_id.repeated': 'La demande nomme son application deux fois : envoyez client_id une seule fois.',
      'client_id.is_token':
        "Ce client_id ressemble à celui d'un jeton d'accès personnel. Un tel jeton ne demande pas de connexion : échangez son identifiant et son secret au point de terminaison de jetons avec grant_type=client_credentials.",
      'client_id.is_legacy':
        "Ce client_id ressemble à celui d'un ancien client d'API. Ils n'existent pas ici : un administrateur crée un client dans la gestion des API, dont l'identifiant est un UUID avec tirets.",
      'client_id.is_command_line':
        'Les clients des outils en ligne de commande ne sont pas activés ici. Un administrateur peut le faire : settings.compat.cliClients dans le fichier du locataire.',
      'client_id.malformed':
        "Ce client_id n'est pas l'identifiant d'un client : ce sont des UUID avec tirets. Son nom a-t-il été envoyé à la place ?",
      'client.unknown': "Aucune application avec ce client_id n'existe ici à laquelle on puisse se connecter.",
      'redirect_uri.missing': 'La demande ne dit pas où va la réponse : redirect_uri manque.',
      'redirect_uri.repeated': 'La demande dit deux fois où va la réponse : envoyez redirect_uri une seule fois.',
      'redirect_uri.unregistered':
        "L'application demande une réponse à une adresse qui n'est pas enregistrée pour elle. Chaque caractère compte : le schéma, le port, une barre oblique à la fin.",
      'interaction.invalid': "Ce lien est incomplet ou modifié. Retournez à l'application et recommencez.",
      'interaction.expired': "Cela a pris plus de dix minutes. Retournez à l'application et recommencez.",
      'interaction.foreign':
        "Cette connexion a été commencée dans un autre navigateur, ou celui-ci ne garde pas les cookies. Retournez à l'application et recommencez.",
      'interaction.completed': 'Cette connexion est déjà terminée. Vous pouvez fermer cette page.',
      'form.invalid': "Le formulaire n'a pas pu être accepté. Retournez à l'application et recommencez.",
      'paste.off': "Il n'y a rien ici.",
      'network.denied': "Votre réseau n'est pas de ceux que cette organisation autorise.",
      'state.stale': 'La base de données ne répond pas. Réessayez dans un instant.',
      unexpected: "Une erreur s'est produite de notre côté. Réessayez dans un instant.",
    },
    sentClientId: 'client_id envoyé',
    sentRedirectUri: 'redirect_uri envoyé',
    askAdministrator:
      "Un administrateur connecté voit ici la différence avec ce qui est enregistré, et la trouve dans le journal d'audit.",
    differences: 'Comparé à ce qui est enregistré',
    trackingId: 'Numéro de suivi',
  },
  consent: {
    title: (client) => `Laisser ${client} agir en votre nom ?`,
    signedInAs: 'Vous êtes connecté en tant que',
    mayDo: 'Autorisations accordées',
    everything: 'tout ce que vous pouvez faire',
    nothingParticular: 'rien de particulier',
    goesTo: 'Votre réponse va à',
    thisComputer: 'un programme sur cet ordinateur',
    application: 'une application sur cet appareil',
    pastePage: 'une page ici, avec un code à copier dans votre ligne de commande',
    allow: 'Autoriser',
    deny: 'Refuser',
    switchAccount: "Ce n'est pas vous ? Utiliser un autre compte",
  },
  paste: {
    title: 'Copiez ce code',
    copy: "Collez-le dans la ligne de commande qui l'attend. Il est valable une minute, une seule fois.",
    code: 'Code',
    confirmation: 'Confirmation',
    compare: 'Votre ligne de commande doit afficher la même chose.',
    onlyYours: 'Ne le collez nulle part ailleurs, qui que ce soit qui le demande : il connecte en votre nom.',
    refusedTitle: "Aucun code n'a été donné",
    refused: "La ligne de commande n'a pas été autorisée. Vous pouvez fermer cette page et recommencer là-bas.",
  },
}
