import type { SignInTexts } from './texts.ts'

export const fr: SignInTexts = {
  login: {
    title: 'Connexion',
    lead: (tenant) => `Avec votre compte ${tenant}.`,
    username: 'Nom d’utilisateur',
    password: 'Mot de passe',
    remember: 'Rester connecté sur cet appareil',
    submit: 'Se connecter',
    forgot: 'Mot de passe oublié ?',
    refused:
      'Le nom d’utilisateur et le mot de passe ne vont pas ensemble, ou ce compte ne peut pas se connecter pour le moment. Vérifiez les deux, ou attendez un peu après plusieurs essais.',
  },
  welcome: {
    title: 'Vous êtes connecté',
    lead: (name, alias) => `En tant que ${name} (${alias}).`,
    change: 'Changer le mot de passe',
    signOut: 'Se déconnecter',
    reference: 'Référence de l’API',
  },
  signOut: {
    title: 'Se déconnecter ?',
    lead: (name) => `Vous êtes connecté en tant que ${name} dans ce navigateur.`,
    submit: 'Se déconnecter',
    stay: 'Rester connecté',
    doneTitle: 'Vous êtes déconnecté',
    doneLead:
      'Dans ce navigateur. Les applications déjà ouvertes peuvent garder leur propre connexion pendant un moment.',
    again: 'Se reconnecter',
  },
  forgot: {
    title: 'Réinitialiser le mot de passe',
    lead: 'Dites-nous qui vous êtes, et nous envoyons un lien à l’adresse e-mail enregistrée.',
    submit: 'Envoyer le lien',
    back: 'Retour à la connexion',
    sentTitle: 'Regardez vos e-mails',
    sent: (alias) => `Si ${alias} a un compte avec une adresse e-mail, un lien est en route.`,
    sentHint:
      'Il sert une fois et pendant 15 minutes. Rien reçu ? Regardez dans les indésirables, ou demandez à votre administrateur.',
  },
  reset: {
    title: 'Choisir un nouveau mot de passe',
    lead: 'Vous serez déconnecté partout, et vous vous connecterez avec celui-ci.',
    newPassword: 'Nouveau mot de passe',
    repeat: 'Nouveau mot de passe, encore une fois',
    rule: 'Au moins 12 caractères. Quelques mots à la suite sont faciles à retenir et difficiles à deviner.',
    submit: 'Enregistrer le mot de passe',
    usedTitle: 'Ce lien ne fonctionne plus',
    used: 'Il a déjà servi, un plus récent a été envoyé, ou il a expiré.',
    again: 'Envoyer un nouveau lien',
    done: 'Votre nouveau mot de passe est enregistré. Connectez-vous avec lui.',
  },
  change: {
    title: 'Changer le mot de passe',
    lead: 'Les autres navigateurs et applications sont déconnectés. Celui-ci reste connecté.',
    current: 'Mot de passe actuel',
    submit: 'Changer le mot de passe',
    wrong: 'Ce n’est pas votre mot de passe actuel. Après plusieurs essais, attendez un peu.',
    back: 'Retour',
    done: 'Votre mot de passe est changé. Tout le reste est déconnecté.',
  },
  objections: {
    too_short: 'Trop court : au moins 12 caractères.',
    too_long: 'Trop long : au plus 1024 octets.',
    too_common: 'Trop facile à deviner : beaucoup de gens utilisent celui-ci ou un semblable.',
    names_you: 'Trop facile à deviner : il contient votre nom d’utilisateur ou le nom de votre organisation.',
    differs: 'Les deux nouveaux mots de passe sont différents.',
    same: 'C’est votre mot de passe actuel. Choisissez-en un autre.',
  },
  errors: {
    stale: 'Cette page est trop ancienne',
    staleHint: 'Elle a été ouverte dans un autre navigateur, ou les cookies sont bloqués. Rouvrez-la et recommencez.',
    malformed: 'Ce formulaire n’a pas pu être lu',
    malformedHint: 'Rouvrez la page et recommencez.',
    tooMany: 'Trop d’essais',
    tooManyHint: (seconds) => `Trop d’essais ont échoué depuis votre réseau. Réessayez dans ${seconds} secondes.`,
    busy: 'Beaucoup de monde en ce moment',
    busyHint:
      'Beaucoup de personnes se connectent. Votre mot de passe n’a pas été examiné. Réessayez dans quelques secondes.',
    network: 'Pas depuis ce réseau',
    networkHint:
      'Votre organisation n’autorise la connexion que depuis certains réseaux, et le vôtre n’en fait pas partie.',
    internal: 'Une erreur s’est produite ici',
    internalHint: 'Vous n’y êtes pour rien. Si cela se répète, donnez ce numéro à votre administrateur :',
    unavailable: 'Indisponible pour le moment',
    unavailableHint: 'La base de données ne répond pas. Rien n’a été modifié. Réessayez dans un instant.',
    trackingId: 'Numéro de suivi',
    retry: 'Réessayer',
  },
  mail: {
    resetSubject: (tenant) => `Réinitialiser votre mot de passe ${tenant}`,
    reset: ({ name, tenant, link, minutes }) => `Bonjour ${name},

quelqu’un a demandé de réinitialiser le mot de passe de votre compte ${tenant}. Si c’était vous, ouvrez ce lien :

${link}

Il sert une fois et pendant ${minutes} minutes. Si ce n’était pas vous, il n’y a rien à faire : votre mot de passe ne change pas.
`,
    inviteSubject: (tenant) => `Votre compte ${tenant}`,
    invite: ({ name, alias, tenant, link, hours }) => `Bonjour ${name},

vous avez un compte chez ${tenant}. Choisissez ici son mot de passe :

${link}

Le lien sert une fois et pendant ${hours} heures. Connectez-vous ensuite avec le nom ${alias}.
`,
    lockedSubject: (tenant) => `La connexion à votre compte ${tenant} est suspendue`,
    locked: ({ name, tenant, network, until }) => `Bonjour ${name},

plusieurs connexions à votre compte ${tenant} ont été tentées avec un mauvais mot de passe, la dernière depuis ${network}.
La connexion est suspendue jusqu’au ${until}.

Si c’était vous, attendez jusque-là. Sinon, prévenez votre administrateur.
`,
    passwordSubject: (tenant) => `Le mot de passe de votre compte ${tenant} a été changé`,
    passwordChanged: ({ name, tenant, at }) => `Bonjour ${name},

le mot de passe de votre compte ${tenant} a été changé le ${at}. Les navigateurs et les applications connectés avec
l’ancien sont déconnectés.

Si c’était vous, ou votre administrateur pour vous, vous n’avez rien à faire. Sinon, prévenez-le tout de suite.
`,
  },
}
