/** German, in the polite form. */
import type { Words } from './en.ts'
import { counted } from './plural.ts'

const characters = counted('de', { other: '# Zeichen' })

export const de: Words = {
  language: 'Deutsch',
  direction: 'ltr',

  common: {
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    newPassword: 'Neues Passwort',
    confirmPassword: 'Neues Passwort wiederholen',
    currentPassword: 'Bisheriges Passwort',
    username: 'Ihr Name',
    usernameHint: 'So sprechen wir Sie hier an. Angemeldet wird mit der E-Mail-Adresse.',
    backToLogin: 'Zurück zur Anmeldung',
    passwordHint: (length) =>
      `Mindestens ${characters(length)}. Einige Wörter hintereinander eignen sich gut.`,
    chooseLanguage: 'Sprache',
    problemTitle: (title) => `Fehler: ${title}`,
  },

  typing: {
    show: 'Anzeigen',
    hide: 'Verbergen',
    remaining: { one: 'Noch # Zeichen', other: 'Noch # Zeichen' },
    enough: 'Lang genug',
    same: 'Beide stimmen überein',
    different: 'Die beiden stimmen nicht überein',
  },

  login: {
    title: 'Anmelden',
    submit: 'Anmelden',
    forgot: 'Passwort vergessen?',
    register: 'Registrieren',
    wrong: 'Diese Adresse und dieses Passwort gehören nicht zusammen.',
    missing: 'Bitte geben Sie E-Mail-Adresse und Passwort ein.',
  },

  notices: {
    registered: 'Ihr Konto ist eingerichtet. Melden Sie sich mit dem neuen Passwort an.',
    'password-changed': 'Ihr Passwort ist geändert. Melden Sie sich mit dem neuen an.',
    'account-password-changed': 'Ihr Passwort ist geändert. Überall sonst sind Sie abgemeldet.',
    'open-link-again': 'Öffnen Sie den Link in Ihrer E-Mail noch einmal, er gilt weiterhin.',
  },

  askReset: {
    title: 'Neues Passwort wählen',
    lead: 'Geben Sie die Adresse ein, mit der Sie sich anmelden. Wir senden Ihnen einen Link, über den Sie ein neues Passwort wählen.',
    submit: 'Link senden',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sent: (duration) =>
      `Wenn es zu dieser Adresse ein Konto gibt, ist eine E-Mail mit einem Link unterwegs. Der Link gilt ${duration}.`,
    sentHint:
      'Das kann einige Minuten dauern. Wenn nichts kommt, sehen Sie im Spam-Ordner nach oder versuchen Sie es mit einer anderen Ihrer Adressen.',
    again: 'Noch einmal anfordern',
  },

  register: {
    title: 'Registrieren',
    lead: 'Geben Sie Ihre E-Mail-Adresse ein. Wir senden Ihnen einen Link, mit dem es weitergeht.',
    submit: 'Link senden',
    closed: 'Zurzeit können hier keine neuen Konten eingerichtet werden.',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sent: (duration) =>
      `Eine E-Mail an die angegebene Adresse ist unterwegs. Der Link darin gilt ${duration}.`,
    confirmTitle: 'Konto einrichten',
    confirmLead: 'Das Konto ist für:',
    confirmSubmit: 'Konto einrichten',
    hasAccountTitle: 'Es gibt schon ein Konto',
    hasAccount:
      'Zu dieser Adresse gibt es ein Konto. Melden Sie sich an oder wählen Sie ein neues Passwort, wenn Sie das alte vergessen haben.',
  },

  newPassword: {
    title: 'Neues Passwort wählen',
    lead: 'Das neue Passwort ist für:',
    submit: 'Passwort speichern',
  },

  deadLink: {
    title: 'Dieser Link gilt nicht mehr',
    lead: 'Er wurde schon benutzt, ist zu alt oder unvollständig. Fordern Sie einen neuen an:',
    registerLead:
      'Er wurde schon benutzt, ist zu alt oder unvollständig. Beginnen Sie noch einmal mit Ihrer E-Mail-Adresse:',
  },

  account: {
    title: 'Ihr Konto',
    greeting: (name) => `Guten Tag, ${name}`,
    signedInAs: 'Sie melden sich an mit:',
    changePassword: 'Passwort ändern',
    changeSubmit: 'Passwort ändern',
    sessions: 'Wo Sie angemeldet sind',
    thisSession: 'dieser Browser',
    lastSeen: (ago) => `Zuletzt aktiv: ${ago}`,
    unknownDevice: 'Ein Browser',
    endSession: 'Dort abmelden',
    endOthers: 'Überall sonst abmelden',
    logout: 'Abmelden',
  },

  problems: {
    email: 'Das ist keine E-Mail-Adresse. Sie sieht so aus: name@example.com.',
    emailMissing: 'Bitte geben Sie Ihre E-Mail-Adresse ein.',
    currentPassword: 'Das ist nicht Ihr bisheriges Passwort.',
    mismatch:
      'Die beiden Passwörter stimmen nicht überein. Geben Sie das neue noch einmal in beide Felder ein.',
    username: {
      missing: 'Bitte geben Sie einen Namen ein.',
      'too-long': 'Dieser Name ist zu lang: höchstens 64 Zeichen.',
    },
    password: {
      missing: 'Bitte geben Sie ein Passwort ein.',
      'too-short': (length) => `Dieses Passwort ist zu kurz: mindestens ${characters(length)}.`,
      'too-long': (length) => `Dieses Passwort ist zu lang: höchstens ${characters(length)}.`,
      common:
        'Dieses Passwort benutzen viele, oder es ist leicht zu erraten. Wählen Sie ein anderes.',
      personal:
        'Dieses Passwort besteht fast nur aus Ihrem Namen, Ihrer Adresse oder dem Namen dieser Website. Wählen Sie ein anderes.',
      breached:
        'Dieses Passwort ist durch einen Datendiebstahl an anderer Stelle bekannt geworden. Wählen Sie ein anderes.',
    },
  },

  errors: {
    'bad-request': {
      title: 'Das kam nicht richtig an',
      lead: 'Es wurde nichts geändert. Gehen Sie zurück und versuchen Sie es noch einmal.',
    },
    'signed-out': {
      title: 'Sie sind nicht angemeldet',
      lead: 'Melden Sie sich an und versuchen Sie es dann noch einmal.',
    },
    forbidden: {
      title: 'Das kam von einer anderen Website',
      lead: 'Zu Ihrer Sicherheit nehmen wir Formulare nur von unseren eigenen Seiten an. Öffnen Sie die Seite hier und versuchen Sie es noch einmal.',
    },
    'not-found': {
      title: 'Diese Seite gibt es nicht',
      lead: 'Vielleicht ist die Adresse vertippt oder veraltet.',
    },
    'too-large': {
      title: 'Das ist zu viel',
      lead: 'Was gesendet wurde, ist größer als jedes unserer Formulare. Es wurde nichts geändert.',
    },
    'wrong-type': {
      title: 'Das ist kein Formular',
      lead: 'Es wurde nichts geändert. Gehen Sie zurück und versuchen Sie es noch einmal.',
    },
    throttled: {
      title: 'Zu viele Versuche',
      lead: (duration) =>
        `Bitte warten Sie ${duration} und versuchen Sie es dann noch einmal. Ein Link, der schon in Ihrem Postfach liegt, gilt weiterhin.`,
    },
    overloaded: {
      title: 'Gerade ist sehr viel los',
      lead: 'Bitte versuchen Sie es gleich noch einmal.',
    },
    unavailable: {
      title: 'Zurzeit nicht erreichbar',
      lead: 'Bitte versuchen Sie es später noch einmal.',
    },
    broken: {
      title: 'Hier ist etwas schiefgegangen',
      lead: 'Das liegt an uns, nicht an Ihnen. Bitte versuchen Sie es noch einmal.',
    },
  },

  mails: {
    greeting: 'Guten Tag,',
    askedFrom: (device) => `Die Anfrage kam von ${device}.`,
    doneFrom: (device) => `Die Änderung kam von ${device}.`,
    device: (browser, system) => `${browser} unter ${system}`,
    footer: (appName, address) => `${appName} hat diese E-Mail an ${address} gesendet.`,
    reset: {
      subject: (appName) => `Neues Passwort für ${appName} wählen`,
      lead: (appName) =>
        `jemand möchte ein neues Passwort für Ihr Konto bei ${appName} wählen. Wenn Sie das waren, öffnen Sie diesen Link:`,
      button: 'Neues Passwort wählen',
      expiry: (duration) =>
        `Der Link gilt einmal und ${duration} lang ab dem Versand dieser E-Mail.`,
      notYou:
        'Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist.',
    },
    register: {
      subject: (appName) => `Registrierung bei ${appName} abschließen`,
      lead: (appName) =>
        `jemand möchte mit dieser Adresse ein Konto bei ${appName} einrichten. Wenn Sie das waren, öffnen Sie diesen Link:`,
      button: 'Weiter',
      expiry: (duration) =>
        `Der Link gilt einmal und ${duration} lang ab dem Versand dieser E-Mail.`,
      notYou:
        'Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Es wird kein Konto eingerichtet.',
    },
    'has-account': {
      subject: (appName) => `Sie haben schon ein Konto bei ${appName}`,
      lead: (appName) =>
        `jemand möchte mit dieser Adresse ein Konto bei ${appName} einrichten, aber Sie haben schon eines. Wenn Sie das waren und Ihr Passwort vergessen haben, wählen Sie hier ein neues:`,
      button: 'Neues Passwort wählen',
      notYou: 'Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Es wurde nichts geändert.',
    },
    'password-changed': {
      subject: (appName) => `Ihr Passwort für ${appName} wurde geändert`,
      lead: (appName, when) =>
        `das Passwort Ihres Kontos bei ${appName} wurde geändert: ${when}. Andere Geräte wurden abgemeldet.`,
      ifYou: 'Wenn Sie das waren, brauchen Sie nichts zu tun.',
      notYou: 'Wenn Sie das nicht waren, wählen Sie sofort ein neues Passwort:',
      button: 'Neues Passwort wählen',
    },
    test: {
      subject: (appName) => `Test-E-Mail von ${appName}`,
      lead: (appName) =>
        `dies ist die angeforderte Test-E-Mail. E-Mails von ${appName} kommen hier an.`,
    },
    'error-report': {
      subject: (appName) => `${appName}: Etwas ist schiefgegangen`,
      lead: 'der Dienst selbst ist ausgefallen oder gestört. Was geschehen ist:',
    },
  },
}
