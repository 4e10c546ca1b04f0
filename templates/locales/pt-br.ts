/** Portuguese as it is written in Brazil. */
import type { Words } from './en.ts'
import { counted } from './plural.ts'

const characters = counted('pt-BR', { one: '# caractere', other: '# caracteres' })

export const ptBr: Words = {
  language: 'Português (Brasil)',
  direction: 'ltr',

  common: {
    email: 'E-mail',
    password: 'Senha',
    newPassword: 'Nova senha',
    confirmPassword: 'Repita a nova senha',
    currentPassword: 'Senha atual',
    username: 'Seu nome',
    usernameHint: 'É como chamamos você neste site. Para entrar, use seu e-mail.',
    backToLogin: 'Voltar para entrar',
    passwordHint: (length) =>
      `Pelo menos ${characters(length)}. Algumas palavras seguidas formam uma boa senha.`,
    chooseLanguage: 'Idioma',
    problemTitle: (title) => `Erro: ${title}`,
  },

  typing: {
    show: 'Mostrar',
    hide: 'Ocultar',
    remaining: { one: 'Falta # caractere', other: 'Faltam # caracteres' },
    enough: 'Tamanho suficiente',
    same: 'As duas são iguais',
    different: 'As duas não são iguais',
  },

  login: {
    title: 'Entrar',
    submit: 'Entrar',
    forgot: 'Esqueceu a senha?',
    register: 'Criar conta',
    wrong: 'Este e-mail e esta senha não combinam.',
    missing: 'Digite seu e-mail e sua senha.',
  },

  notices: {
    registered: 'Sua conta está pronta. Entre com a nova senha.',
    'password-changed': 'Sua senha foi alterada. Entre com a nova.',
    'account-password-changed': 'Sua senha foi alterada. Você saiu em todos os outros lugares.',
    'open-link-again': 'Abra de novo o link do seu e-mail: ele ainda funciona.',
  },

  askReset: {
    title: 'Escolher uma nova senha',
    lead: 'Digite o e-mail que você usa para entrar. Enviaremos um link para escolher uma nova senha.',
    submit: 'Enviar o link',
    sentTitle: 'Veja sua caixa de entrada',
    sent: (duration) =>
      `Se houver uma conta com este endereço, um e-mail com um link está a caminho. O link funciona por ${duration}.`,
    sentHint:
      'Pode levar alguns minutos. Se nada chegar, veja a pasta de spam ou tente com outro endereço seu.',
    again: 'Pedir outro link',
  },

  register: {
    title: 'Criar conta',
    lead: 'Digite seu e-mail. Enviaremos um link para continuar.',
    submit: 'Enviar o link',
    closed: 'No momento não é possível criar contas aqui.',
    sentTitle: 'Veja sua caixa de entrada',
    sent: (duration) =>
      `Um e-mail está a caminho do endereço informado. O link dele funciona por ${duration}.`,
    confirmTitle: 'Criar sua conta',
    confirmLead: 'A conta é para:',
    confirmSubmit: 'Criar a conta',
    hasAccountTitle: 'Já existe uma conta',
    hasAccount:
      'Este endereço tem uma conta. Entre ou, se esqueceu a senha antiga, escolha uma nova.',
  },

  newPassword: {
    title: 'Escolher uma nova senha',
    lead: 'A nova senha é para:',
    submit: 'Salvar a senha',
  },

  deadLink: {
    title: 'Este link não funciona mais',
    lead: 'Ele já foi usado, é antigo demais ou está incompleto. Peça um novo:',
    registerLead:
      'Ele já foi usado, é antigo demais ou está incompleto. Comece de novo com seu e-mail:',
  },

  account: {
    title: 'Sua conta',
    greeting: (name) => `Olá, ${name}`,
    signedInAs: 'Você entra com:',
    changePassword: 'Alterar sua senha',
    changeSubmit: 'Alterar a senha',
    sessions: 'Onde sua conta está aberta',
    thisSession: 'este navegador',
    lastSeen: (ago) => `Última atividade: ${ago}`,
    unknownDevice: 'Um navegador',
    endSession: 'Sair desse lugar',
    endOthers: 'Sair de todos os outros lugares',
    logout: 'Sair',
  },

  problems: {
    email: 'Isto não é um endereço de e-mail. Exemplo: nome@example.com.',
    emailMissing: 'Digite seu e-mail.',
    currentPassword: 'Esta não é a sua senha atual.',
    mismatch: 'As duas senhas não são iguais. Digite a nova outra vez nos dois campos.',
    username: {
      missing: 'Digite um nome.',
      'too-long': 'Este nome é longo demais: no máximo 64 caracteres.',
    },
    password: {
      missing: 'Digite uma senha.',
      'too-short': (length) => `Esta senha é curta demais: pelo menos ${characters(length)}.`,
      'too-long': (length) => `Esta senha é longa demais: no máximo ${characters(length)}.`,
      common: 'Esta senha é usada por muita gente ou fácil de adivinhar. Escolha outra.',
      personal:
        'Esta senha é pouco mais que seu nome, seu endereço ou o nome deste site. Escolha outra.',
      breached: 'Esta senha é conhecida por um vazamento de dados em outro lugar. Escolha outra.',
    },
  },

  errors: {
    'bad-request': {
      title: 'Isto não chegou como devia',
      lead: 'Nada foi alterado. Volte e tente de novo.',
    },
    'signed-out': {
      title: 'Você não entrou na sua conta',
      lead: 'Entre primeiro e depois tente de novo.',
    },
    forbidden: {
      title: 'Isto veio de outro site',
      lead: 'Para sua segurança, só aceitamos formulários das nossas próprias páginas. Abra a página aqui e tente de novo.',
    },
    'not-found': {
      title: 'Esta página não existe',
      lead: 'O endereço pode estar errado ou desatualizado.',
    },
    'too-large': {
      title: 'Isto é grande demais',
      lead: 'O que foi enviado é maior que qualquer formulário nosso. Nada foi alterado.',
    },
    'wrong-type': {
      title: 'Isto não é um formulário',
      lead: 'Nada foi alterado. Volte e tente de novo.',
    },
    throttled: {
      title: 'Tentativas demais',
      lead: (duration) =>
        `Espere ${duration} e tente de novo. Um link que já está na sua caixa de entrada continua funcionando.`,
    },
    overloaded: {
      title: 'Muito movimento agora',
      lead: 'Tente de novo daqui a pouco.',
    },
    unavailable: {
      title: 'Indisponível no momento',
      lead: 'Tente de novo mais tarde.',
    },
    broken: {
      title: 'Algo deu errado por aqui',
      lead: 'A falha é nossa, não sua. Tente de novo.',
    },
  },

  mails: {
    greeting: 'Olá,',
    askedFrom: (device) => `O pedido foi feito por ${device}.`,
    doneFrom: (device) => `A alteração foi feita por ${device}.`,
    device: (browser, system) => `${browser} no ${system}`,
    footer: (appName, address) => `${appName} enviou este e-mail para ${address}.`,
    reset: {
      subject: (appName) => `Escolha uma nova senha para ${appName}`,
      lead: (appName) =>
        `Alguém pediu para escolher uma nova senha para a sua conta em ${appName}. Se foi você, abra este link:`,
      button: 'Escolher uma nova senha',
      expiry: (duration) =>
        `O link funciona uma única vez, por ${duration} a partir do envio deste e-mail.`,
      notYou: 'Se não foi você, não precisa fazer nada: sua senha continua a mesma.',
    },
    register: {
      subject: (appName) => `Termine seu cadastro em ${appName}`,
      lead: (appName) =>
        `Alguém quer criar uma conta em ${appName} com este endereço. Se foi você, abra este link:`,
      button: 'Continuar',
      expiry: (duration) =>
        `O link funciona uma única vez, por ${duration} a partir do envio deste e-mail.`,
      notYou: 'Se não foi você, não precisa fazer nada: nenhuma conta será criada.',
    },
    'has-account': {
      subject: (appName) => `Você já tem uma conta em ${appName}`,
      lead: (appName) =>
        `Alguém quer criar uma conta em ${appName} com este endereço, mas você já tem uma. Se foi você e esqueceu a senha, escolha uma nova aqui:`,
      button: 'Escolher uma nova senha',
      notYou: 'Se não foi você, não precisa fazer nada: nada foi alterado.',
    },
    'password-changed': {
      subject: (appName) => `Sua senha de ${appName} foi alterada`,
      lead: (appName, when) =>
        `A senha da sua conta em ${appName} foi alterada em ${when}. Os outros dispositivos foram desconectados.`,
      ifYou: 'Se foi você, não precisa fazer nada.',
      notYou: 'Se não foi você, escolha uma nova senha agora mesmo:',
      button: 'Escolher uma nova senha',
    },
    test: {
      subject: (appName) => `E-mail de teste de ${appName}`,
      lead: (appName) =>
        `Este é o e-mail de teste que foi pedido. Os e-mails de ${appName} chegam aqui.`,
    },
    'error-report': {
      subject: (appName) => `${appName}: algo deu errado`,
      lead: 'O próprio serviço falhou. O que aconteceu:',
    },
  },
}
