/** French, in the polite form. */
import type { Words } from './en.ts'
import { counted } from './plural.ts'

const characters = counted('fr', { one: '# caractère', other: '# caractères' })

export const fr: Words = {
  language: 'Français',
  direction: 'ltr',

  common: {
    email: 'Adresse e-mail',
    password: 'Mot de passe',
    newPassword: 'Nouveau mot de passe',
    confirmPassword: 'Nouveau mot de passe, encore une fois',
    currentPassword: 'Mot de passe actuel',
    username: 'Votre nom',
    usernameHint: 'Le nom que nous utilisons ici. Vous vous connectez avec votre adresse e-mail.',
    backToLogin: 'Retour à la connexion',
    passwordHint: (length) =>
      `Au moins ${characters(length)}. Quelques mots à la suite conviennent très bien.`,
    chooseLanguage: 'Langue',
    problemTitle: (title) => `Erreur : ${title}`,
  },

  typing: {
    show: 'Afficher',
    hide: 'Masquer',
    remaining: { one: 'Encore # caractère', other: 'Encore # caractères' },
    enough: 'Assez long',
    same: 'Les deux sont identiques',
    different: 'Les deux sont différents',
  },

  login: {
    title: 'Se connecter',
    submit: 'Se connecter',
    forgot: 'Mot de passe oublié ?',
    register: 'Créer un compte',
    wrong: 'Cette adresse et ce mot de passe ne vont pas ensemble.',
    missing: 'Saisissez votre adresse e-mail et votre mot de passe.',
  },

  notices: {
    registered: 'Votre compte est prêt. Connectez-vous avec votre nouveau mot de passe.',
    'password-changed': 'Votre mot de passe est modifié. Connectez-vous avec le nouveau.',
    'account-password-changed': 'Votre mot de passe est modifié. Vos autres sessions sont fermées.',
    'open-link-again': 'Ouvrez à nouveau le lien reçu par e-mail : il est toujours valable.',
  },

  askReset: {
    title: 'Choisir un nouveau mot de passe',
    lead: 'Saisissez l’adresse avec laquelle vous vous connectez. Nous vous enverrons un lien pour choisir un nouveau mot de passe.',
    submit: 'Envoyer le lien',
    sentTitle: 'Consultez votre boîte de réception',
    sent: (duration) =>
      `S’il existe un compte pour cette adresse, un e-mail contenant un lien est en route. Durée de validité du lien : ${duration}.`,
    sentHint:
      'Cela peut prendre quelques minutes. Si rien n’arrive, regardez dans les courriers indésirables ou réessayez avec une autre de vos adresses.',
    again: 'Demander un autre lien',
  },

  register: {
    title: 'Créer un compte',
    lead: 'Saisissez votre adresse e-mail. Nous vous enverrons un lien pour continuer.',
    submit: 'Envoyer le lien',
    closed: 'Il n’est pas possible de créer un compte ici pour le moment.',
    sentTitle: 'Consultez votre boîte de réception',
    sent: (duration) =>
      `Un e-mail est en route vers l’adresse indiquée. Durée de validité de son lien : ${duration}.`,
    confirmTitle: 'Créer votre compte',
    confirmLead: 'Le compte est destiné à :',
    confirmSubmit: 'Créer le compte',
    hasAccountTitle: 'Il existe déjà un compte',
    hasAccount:
      'Cette adresse a un compte. Connectez-vous, ou choisissez un nouveau mot de passe si vous avez oublié l’ancien.',
  },

  newPassword: {
    title: 'Choisir un nouveau mot de passe',
    lead: 'Le nouveau mot de passe est destiné à :',
    submit: 'Enregistrer le mot de passe',
  },

  deadLink: {
    title: 'Ce lien n’est plus valable',
    lead: 'Il a déjà servi, il est trop ancien ou il en manque une partie. Demandez-en un nouveau :',
    registerLead:
      'Il a déjà servi, il est trop ancien ou il en manque une partie. Recommencez avec votre adresse e-mail :',
  },

  account: {
    title: 'Votre compte',
    greeting: (name) => `Bonjour ${name}`,
    signedInAs: 'Vous vous connectez avec :',
    changePassword: 'Modifier votre mot de passe',
    changeSubmit: 'Modifier le mot de passe',
    sessions: 'Vos sessions ouvertes',
    thisSession: 'ce navigateur',
    lastSeen: (ago) => `Dernière activité : ${ago}`,
    unknownDevice: 'Un navigateur',
    endSession: 'Déconnecter',
    endOthers: 'Déconnecter partout ailleurs',
    logout: 'Se déconnecter',
  },

  problems: {
    email: 'Ceci n’est pas une adresse e-mail. Exemple : nom@example.com.',
    emailMissing: 'Saisissez votre adresse e-mail.',
    currentPassword: 'Ce n’est pas votre mot de passe actuel.',
    mismatch:
      'Les deux mots de passe sont différents. Saisissez à nouveau le nouveau dans les deux champs.',
    username: {
      missing: 'Saisissez un nom.',
      'too-long': 'Ce nom est trop long : 64 caractères au plus.',
    },
    password: {
      missing: 'Saisissez un mot de passe.',
      'too-short': (length) => `Ce mot de passe est trop court : au moins ${characters(length)}.`,
      'too-long': (length) => `Ce mot de passe est trop long : ${characters(length)} au plus.`,
      common: 'Ce mot de passe est très répandu ou facile à deviner. Choisissez-en un autre.',
      personal:
        'Ce mot de passe se réduit presque à votre nom, à votre adresse ou au nom de ce site. Choisissez-en un autre.',
      breached:
        'Ce mot de passe figure dans un vol de données survenu ailleurs. Choisissez-en un autre.',
    },
  },

  errors: {
    'bad-request': {
      title: 'L’envoi est arrivé incomplet',
      lead: 'Rien n’a été modifié. Revenez en arrière et réessayez.',
    },
    'signed-out': {
      title: 'Connexion nécessaire',
      lead: 'Connectez-vous d’abord, puis réessayez.',
    },
    forbidden: {
      title: 'Cet envoi vient d’un autre site',
      lead: 'Pour votre sécurité, nous n’acceptons que les formulaires de nos propres pages. Ouvrez la page ici et réessayez.',
    },
    'not-found': {
      title: 'Cette page n’existe pas',
      lead: 'L’adresse est peut-être mal saisie ou périmée.',
    },
    'too-large': {
      title: 'C’est trop volumineux',
      lead: 'Ce qui a été envoyé dépasse tous nos formulaires. Rien n’a été modifié.',
    },
    'wrong-type': {
      title: 'Ceci n’est pas un formulaire',
      lead: 'Rien n’a été modifié. Revenez en arrière et réessayez.',
    },
    throttled: {
      title: 'Trop de tentatives',
      lead: (duration) =>
        `Veuillez attendre ${duration} avant de réessayer. Un lien déjà reçu par e-mail reste valable.`,
    },
    overloaded: {
      title: 'Beaucoup de monde en ce moment',
      lead: 'Veuillez réessayer dans un instant.',
    },
    unavailable: {
      title: 'Indisponible pour le moment',
      lead: 'Veuillez réessayer plus tard.',
    },
    broken: {
      title: 'Un problème est survenu chez nous',
      lead: 'C’est notre faute, pas la vôtre. Veuillez réessayer.',
    },
  },

  mails: {
    greeting: 'Bonjour,',
    askedFrom: (device) => `La demande a été faite depuis ${device}.`,
    doneFrom: (device) => `La modification a été faite depuis ${device}.`,
    device: (browser, system) => `${browser} sous ${system}`,
    footer: (appName, address) => `${appName} a envoyé cet e-mail à ${address}.`,
    reset: {
      subject: (appName) => `Choisir un nouveau mot de passe pour ${appName}`,
      lead: (appName) =>
        `Quelqu’un a demandé à choisir un nouveau mot de passe pour votre compte chez ${appName}. Si c’est vous, ouvrez ce lien :`,
      button: 'Choisir un nouveau mot de passe',
      expiry: (duration) =>
        `Le lien sert une seule fois. Durée de validité depuis l’envoi de cet e-mail : ${duration}.`,
      notYou: 'Si ce n’est pas vous, vous n’avez rien à faire : votre mot de passe reste le même.',
    },
    register: {
      subject: (appName) => `Terminer votre inscription à ${appName}`,
      lead: (appName) =>
        `Quelqu’un souhaite créer un compte chez ${appName} avec cette adresse. Si c’est vous, ouvrez ce lien :`,
      button: 'Continuer',
      expiry: (duration) =>
        `Le lien sert une seule fois. Durée de validité depuis l’envoi de cet e-mail : ${duration}.`,
      notYou: 'Si ce n’est pas vous, vous n’avez rien à faire : aucun compte n’est créé.',
    },
    'has-account': {
      subject: (appName) => `Vous avez déjà un compte chez ${appName}`,
      lead: (appName) =>
        `Quelqu’un souhaite créer un compte chez ${appName} avec cette adresse, mais vous en avez déjà un. Si c’est vous et que vous avez oublié votre mot de passe, choisissez-en un nouveau ici :`,
      button: 'Choisir un nouveau mot de passe',
      notYou: 'Si ce n’est pas vous, vous n’avez rien à faire : rien n’a été modifié.',
    },
    'password-changed': {
      subject: (appName) => `Votre mot de passe pour ${appName} a été modifié`,
      lead: (appName, when) =>
        `Le mot de passe de votre compte chez ${appName} a été modifié : ${when}. Les autres appareils ont été déconnectés.`,
      ifYou: 'Si c’est vous, vous n’avez rien à faire.',
      notYou: 'Si ce n’est pas vous, choisissez tout de suite un nouveau mot de passe :',
      button: 'Choisir un nouveau mot de passe',
    },
    test: {
      subject: (appName) => `E-mail de test de ${appName}`,
      lead: (appName) =>
        `Voici l’e-mail de test demandé. Les e-mails de ${appName} arrivent bien ici.`,
    },
    'error-report': {
      subject: (appName) => `${appName} : un problème est survenu`,
      lead: 'Le service lui-même a rencontré une erreur. Ce qui s’est passé :',
    },
  },
}
