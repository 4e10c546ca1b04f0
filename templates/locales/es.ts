/** Spanish, in the polite form. */
import type { Words } from './en.ts'
import { counted } from './plural.ts'

const characters = counted('es', { one: '# carácter', other: '# caracteres' })

export const es: Words = {
  language: 'Español',
  direction: 'ltr',

  common: {
    email: 'Correo electrónico',
    password: 'Contraseña',
    newPassword: 'Contraseña nueva',
    confirmPassword: 'Repita la contraseña nueva',
    currentPassword: 'Contraseña actual',
    username: 'Su nombre',
    usernameHint: 'Así le llamamos en este sitio. Para entrar se usa su correo electrónico.',
    backToLogin: 'Volver a iniciar sesión',
    passwordHint: (length) =>
      `Al menos ${characters(length)}. Varias palabras seguidas funcionan muy bien.`,
    chooseLanguage: 'Idioma',
    problemTitle: (title) => `Error: ${title}`,
  },

  typing: {
    show: 'Mostrar',
    hide: 'Ocultar',
    remaining: { one: 'Falta # carácter', other: 'Faltan # caracteres' },
    enough: 'Longitud suficiente',
    same: 'Las dos coinciden',
    different: 'Las dos no coinciden',
  },

  login: {
    title: 'Iniciar sesión',
    submit: 'Iniciar sesión',
    forgot: '¿Olvidó la contraseña?',
    register: 'Crear una cuenta',
    wrong: 'Este correo y esta contraseña no coinciden.',
    missing: 'Escriba su correo electrónico y su contraseña.',
  },

  notices: {
    registered: 'Su cuenta está lista. Inicie sesión con su contraseña nueva.',
    'password-changed': 'Su contraseña ha cambiado. Inicie sesión con la nueva.',
    'account-password-changed':
      'Su contraseña ha cambiado. Se ha cerrado la sesión en todos los demás sitios.',
    'open-link-again': 'Abra otra vez el enlace de su correo: todavía funciona.',
  },

  askReset: {
    title: 'Elegir una contraseña nueva',
    lead: 'Escriba el correo con el que inicia sesión. Le enviaremos un enlace para elegir una contraseña nueva.',
    submit: 'Enviar el enlace',
    sentTitle: 'Revise su correo',
    sent: (duration) =>
      `Si hay una cuenta con esta dirección, un mensaje con un enlace está en camino. El enlace funciona durante ${duration}.`,
    sentHint:
      'Puede tardar unos minutos. Si no llega nada, mire en la carpeta de correo no deseado o pruebe con otra de sus direcciones.',
    again: 'Pedir otro enlace',
  },

  register: {
    title: 'Crear una cuenta',
    lead: 'Escriba su correo electrónico. Le enviaremos un enlace para continuar.',
    submit: 'Enviar el enlace',
    closed: 'En este momento no se pueden crear cuentas nuevas aquí.',
    sentTitle: 'Revise su correo',
    sent: (duration) =>
      `Un mensaje está en camino a la dirección indicada. Su enlace funciona durante ${duration}.`,
    confirmTitle: 'Crear su cuenta',
    confirmLead: 'La cuenta es para:',
    confirmSubmit: 'Crear la cuenta',
    hasAccountTitle: 'Ya hay una cuenta',
    hasAccount:
      'Esta dirección ya tiene una cuenta. Inicie sesión, o elija una contraseña nueva si olvidó la anterior.',
  },

  newPassword: {
    title: 'Elegir una contraseña nueva',
    lead: 'La contraseña nueva es para:',
    submit: 'Guardar la contraseña',
  },

  deadLink: {
    title: 'Este enlace ya no funciona',
    lead: 'Ya se usó, es demasiado antiguo o le falta una parte. Pida uno nuevo:',
    registerLead:
      'Ya se usó, es demasiado antiguo o le falta una parte. Empiece de nuevo con su correo electrónico:',
  },

  account: {
    title: 'Su cuenta',
    greeting: (name) => `Hola, ${name}`,
    signedInAs: 'Inicia sesión con:',
    changePassword: 'Cambiar su contraseña',
    changeSubmit: 'Cambiar la contraseña',
    sessions: 'Dónde tiene la sesión abierta',
    thisSession: 'este navegador',
    lastSeen: (ago) => `Última actividad: ${ago}`,
    unknownDevice: 'Un navegador',
    endSession: 'Cerrar esa sesión',
    endOthers: 'Cerrar todas las demás sesiones',
    logout: 'Cerrar sesión',
  },

  problems: {
    email: 'Esto no es una dirección de correo. Ejemplo: nombre@example.com.',
    emailMissing: 'Escriba su correo electrónico.',
    currentPassword: 'Esta no es su contraseña actual.',
    mismatch: 'Las dos contraseñas no coinciden. Escriba otra vez la nueva en los dos campos.',
    username: {
      missing: 'Escriba un nombre.',
      'too-long': 'Este nombre es demasiado largo: 64 caracteres como máximo.',
    },
    password: {
      missing: 'Escriba una contraseña.',
      'too-short': (length) =>
        `Esta contraseña es demasiado corta: al menos ${characters(length)}.`,
      'too-long': (length) =>
        `Esta contraseña es demasiado larga: ${characters(length)} como máximo.`,
      common: 'Esta contraseña la usa mucha gente o es fácil de adivinar. Elija otra.',
      personal:
        'Esta contraseña es poco más que su nombre, su dirección o el nombre de este sitio. Elija otra.',
      breached: 'Esta contraseña se conoce por un robo de datos en otro sitio. Elija otra.',
    },
  },

  errors: {
    'bad-request': {
      title: 'Esto no llegó como debía',
      lead: 'No ha cambiado nada. Vuelva atrás e inténtelo de nuevo.',
    },
    'signed-out': {
      title: 'No ha iniciado sesión',
      lead: 'Inicie sesión primero y vuelva a intentarlo.',
    },
    forbidden: {
      title: 'Esto venía de otro sitio',
      lead: 'Por su seguridad solo aceptamos formularios de nuestras propias páginas. Abra la página aquí e inténtelo de nuevo.',
    },
    'not-found': {
      title: 'Esta página no existe',
      lead: 'Puede que la dirección esté mal escrita o sea antigua.',
    },
    'too-large': {
      title: 'Esto es demasiado grande',
      lead: 'Lo enviado es mayor que cualquiera de nuestros formularios. No ha cambiado nada.',
    },
    'wrong-type': {
      title: 'Esto no es un formulario',
      lead: 'No ha cambiado nada. Vuelva atrás e inténtelo de nuevo.',
    },
    throttled: {
      title: 'Demasiados intentos',
      lead: (duration) =>
        `Espere ${duration} y vuelva a intentarlo. Un enlace que ya esté en su correo sigue funcionando.`,
    },
    overloaded: {
      title: 'Hay mucha actividad en este momento',
      lead: 'Inténtelo de nuevo dentro de un momento.',
    },
    unavailable: {
      title: 'No disponible en este momento',
      lead: 'Inténtelo de nuevo más tarde.',
    },
    broken: {
      title: 'Algo ha fallado aquí',
      lead: 'Es culpa nuestra, no suya. Inténtelo de nuevo.',
    },
  },

  mails: {
    greeting: 'Hola:',
    askedFrom: (device) => `La solicitud se hizo desde ${device}.`,
    doneFrom: (device) => `El cambio se hizo desde ${device}.`,
    device: (browser, system) => `${browser} en ${system}`,
    footer: (appName, address) => `${appName} envió este mensaje a ${address}.`,
    reset: {
      subject: (appName) => `Elija una contraseña nueva para ${appName}`,
      lead: (appName) =>
        `Alguien pidió elegir una contraseña nueva para su cuenta en ${appName}. Si fue usted, abra este enlace:`,
      button: 'Elegir una contraseña nueva',
      expiry: (duration) =>
        `El enlace funciona una sola vez, durante ${duration} desde el envío de este mensaje.`,
      notYou: 'Si no fue usted, no tiene que hacer nada: su contraseña sigue siendo la misma.',
    },
    register: {
      subject: (appName) => `Termine su registro en ${appName}`,
      lead: (appName) =>
        `Alguien quiere crear una cuenta en ${appName} con esta dirección. Si fue usted, abra este enlace:`,
      button: 'Continuar',
      expiry: (duration) =>
        `El enlace funciona una sola vez, durante ${duration} desde el envío de este mensaje.`,
      notYou: 'Si no fue usted, no tiene que hacer nada: no se crea ninguna cuenta.',
    },
    'has-account': {
      subject: (appName) => `Ya tiene una cuenta en ${appName}`,
      lead: (appName) =>
        `Alguien quiere crear una cuenta en ${appName} con esta dirección, pero usted ya tiene una. Si fue usted y olvidó la contraseña, elija una nueva aquí:`,
      button: 'Elegir una contraseña nueva',
      notYou: 'Si no fue usted, no tiene que hacer nada: no ha cambiado nada.',
    },
    'password-changed': {
      subject: (appName) => `Su contraseña de ${appName} ha cambiado`,
      lead: (appName, when) =>
        `La contraseña de su cuenta en ${appName} se cambió: ${when}. Se cerró la sesión en los demás dispositivos.`,
      ifYou: 'Si fue usted, no tiene que hacer nada.',
      notYou: 'Si no fue usted, elija enseguida una contraseña nueva:',
      button: 'Elegir una contraseña nueva',
    },
    test: {
      subject: (appName) => `Mensaje de prueba de ${appName}`,
      lead: (appName) =>
        `Este es el mensaje de prueba solicitado. El correo de ${appName} llega hasta aquí.`,
    },
    'error-report': {
      subject: (appName) => `${appName}: algo ha fallado`,
      lead: 'El propio servicio ha fallado. Lo que ocurrió:',
    },
  },
}
