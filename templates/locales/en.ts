/**
 * English. Every other language has the shape of this one.
 */
import { counted, type PluralForms } from './plural.ts'

const characters = counted('en', { one: '# character', other: '# characters' })

export const en = {
  language: 'English',
  direction: 'ltr' as 'ltr' | 'rtl',

  common: {
    email: 'Email address',
    password: 'Password',
    newPassword: 'New password',
    confirmPassword: 'New password, once more',
    currentPassword: 'Current password',
    username: 'Your name',
    usernameHint: 'What we call you on this site. You log in with your email address.',
    backToLogin: 'Back to log in',
    passwordHint: (length: number) =>
      `At least ${characters(length)}. A few words in a row make a good one.`,
    chooseLanguage: 'Language',
    problemTitle: (title: string) => `Problem: ${title}`,
  },

  /** What the page says while a password is typed. */
  typing: {
    show: 'Show',
    hide: 'Hide',
    remaining: { one: '# more character', other: '# more characters' } as PluralForms,
    enough: 'Long enough',
    same: 'Both are the same',
    different: 'The two are not the same',
  },

  login: {
    title: 'Log in',
    submit: 'Log in',
    forgot: 'Forgot password?',
    register: 'Register',
    wrong: 'This address and this password do not go together.',
    missing: 'Enter your email address and your password.',
  },

  notices: {
    registered: 'Your account is ready. Log in with your new password.',
    'password-changed': 'Your password is changed. Log in with the new one.',
    'account-password-changed': 'Your password is changed. You are logged out everywhere else.',
    'open-link-again': 'Open the link in your mail again, it still works.',
  },

  askReset: {
    title: 'Choose a new password',
    lead: 'Enter the address you log in with. We will send you a link to choose a new password.',
    submit: 'Send the link',
    sentTitle: 'Look in your inbox',
    sent: (duration: string) =>
      `If there is an account for this address, a mail with a link is on its way. The link works for ${duration}.`,
    sentHint:
      'It can take a few minutes. If nothing comes, look in the spam folder, or ask again with another address of yours.',
    again: 'Ask again',
  },

  register: {
    title: 'Register',
    lead: 'Enter your email address. We will send you a link to go on with.',
    submit: 'Send the link',
    closed: 'New accounts cannot be made here at the moment.',
    sentTitle: 'Look in your inbox',
    sent: (duration: string) =>
      `A mail is on its way to the address you gave. Its link works for ${duration}.`,
    confirmTitle: 'Make your account',
    confirmLead: 'The account is for:',
    confirmSubmit: 'Make the account',
    hasAccountTitle: 'There is an account already',
    hasAccount:
      'This address has an account. Log in, or choose a new password if you forgot the old one.',
  },

  newPassword: {
    title: 'Choose a new password',
    lead: 'The new password is for:',
    submit: 'Save the password',
  },

  deadLink: {
    title: 'This link does not work any more',
    lead: 'It was used already, it is too old, or a piece of it is missing. Ask for a new one:',
    registerLead:
      'It was used already, it is too old, or a piece of it is missing. Start again with your email address:',
  },

  account: {
    title: 'Your account',
    greeting: (name: string) => `Hello, ${name}`,
    signedInAs: 'You log in with:',
    changePassword: 'Change your password',
    changeSubmit: 'Change the password',
    sessions: 'Where you are logged in',
    thisSession: 'this browser',
    lastSeen: (ago: string) => `Last seen: ${ago}`,
    unknownDevice: 'A browser',
    endSession: 'Log out there',
    endOthers: 'Log out everywhere else',
    logout: 'Log out',
  },

  problems: {
    email: 'This is not an email address. It looks like name@example.com.',
    emailMissing: 'Enter your email address.',
    currentPassword: 'This is not your current password.',
    mismatch: 'The two passwords are not the same. Type the new one into both fields again.',
    username: {
      missing: 'Enter a name.',
      'too-long': 'This name is too long: 64 characters at most.',
    },
    password: {
      missing: 'Enter a password.',
      'too-short': (length: number) =>
        `This password is too short: ${characters(length)} at least.`,
      'too-long': (length: number) => `This password is too long: ${characters(length)} at most.`,
      common: 'This password is one that many people use, or easy to guess. Choose another one.',
      personal:
        'This password is little more than your name, your address or the name of this site. Choose another one.',
      breached: 'This password is known from a data theft elsewhere. Choose another one.',
    },
  },

  errors: {
    'bad-request': {
      title: 'This did not arrive as it should',
      lead: 'Nothing has changed. Go back and try again.',
    },
    'signed-out': { title: 'You are not logged in', lead: 'Log in first, then try again.' },
    forbidden: {
      title: 'This came from another site',
      lead: 'For your safety we take forms only from our own pages. Open the page here and try again.',
    },
    'not-found': {
      title: 'There is no such page',
      lead: 'The address may be mistyped or out of date.',
    },
    'too-large': {
      title: 'This is too much',
      lead: 'What was sent is larger than any form of ours. Nothing has changed.',
    },
    'wrong-type': {
      title: 'This is not a form',
      lead: 'Nothing has changed. Go back and try again.',
    },
    throttled: {
      title: 'Too many tries',
      lead: (duration: string) =>
        `Please wait ${duration} and try again. A link that is in your inbox already still works.`,
    },
    overloaded: { title: 'Very busy right now', lead: 'Please try again in a moment.' },
    unavailable: { title: 'Not available right now', lead: 'Please try again later.' },
    broken: {
      title: 'Something went wrong here',
      lead: 'It is our fault, not yours. Please try again.',
    },
  },

  mails: {
    greeting: 'Hello,',
    askedFrom: (device: string) => `It was asked for from ${device}.`,
    doneFrom: (device: string) => `It was done from ${device}.`,
    device: (browser: string, system: string) => `${browser} on ${system}`,
    footer: (appName: string, address: string) => `${appName} sent this mail to ${address}.`,
    reset: {
      subject: (appName: string) => `Choose a new password for ${appName}`,
      lead: (appName: string) =>
        `Somebody asked to choose a new password for your account at ${appName}. If it was you, open this link:`,
      button: 'Choose a new password',
      expiry: (duration: string) =>
        `The link works once, for ${duration} after this mail was sent.`,
      notYou: 'If it was not you, you need not do anything: your password stays as it is.',
    },
    register: {
      subject: (appName: string) => `Finish your registration at ${appName}`,
      lead: (appName: string) =>
        `Somebody wants to make an account at ${appName} with this address. If it was you, open this link:`,
      button: 'Go on',
      expiry: (duration: string) =>
        `The link works once, for ${duration} after this mail was sent.`,
      notYou: 'If it was not you, you need not do anything: no account is made.',
    },
    'has-account': {
      subject: (appName: string) => `You already have an account at ${appName}`,
      lead: (appName: string) =>
        `Somebody wants to make an account at ${appName} with this address, but you have one already. If it was you and you forgot your password, choose a new one here:`,
      button: 'Choose a new password',
      notYou: 'If it was not you, you need not do anything: nothing has changed.',
    },
    'password-changed': {
      subject: (appName: string) => `Your password for ${appName} was changed`,
      lead: (appName: string, when: string) =>
        `The password of your account at ${appName} was changed on ${when}. Other devices have been logged out.`,
      ifYou: 'If it was you, you need not do anything.',
      notYou: 'If it was not you, choose a new password at once:',
      button: 'Choose a new password',
    },
    test: {
      subject: (appName: string) => `Test mail from ${appName}`,
      lead: (appName: string) =>
        `This is the test mail that was asked for. Mail from ${appName} arrives here.`,
    },
    'error-report': {
      subject: (appName: string) => `${appName}: something went wrong`,
      lead: 'The service itself failed. What happened:',
    },
  },
}

export type Words = typeof en
