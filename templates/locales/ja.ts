/** Japanese, in the polite form. */
import type { Words } from './en.ts'
import { counted } from './plural.ts'

const characters = counted('ja', { other: '#文字' })

export const ja: Words = {
  language: '日本語',
  direction: 'ltr',

  common: {
    email: 'メールアドレス',
    password: 'パスワード',
    newPassword: '新しいパスワード',
    confirmPassword: '新しいパスワード（もう一度）',
    currentPassword: '現在のパスワード',
    username: 'お名前',
    usernameHint: 'このサイトでの表示名です。ログインにはメールアドレスを使います。',
    backToLogin: 'ログインに戻る',
    passwordHint: (length) =>
      `${characters(length)}以上。いくつかの単語を並べると、覚えやすく安全です。`,
    chooseLanguage: '言語',
    problemTitle: (title) => `エラー：${title}`,
  },

  typing: {
    show: '表示',
    hide: '隠す',
    remaining: { other: 'あと#文字' },
    enough: '長さは十分です',
    same: '一致しています',
    different: '一致していません',
  },

  login: {
    title: 'ログイン',
    submit: 'ログイン',
    forgot: 'パスワードをお忘れですか？',
    register: '新規登録',
    wrong: 'メールアドレスとパスワードの組み合わせが正しくありません。',
    missing: 'メールアドレスとパスワードを入力してください。',
  },

  notices: {
    registered: 'アカウントを作成しました。新しいパスワードでログインしてください。',
    'password-changed': 'パスワードを変更しました。新しいパスワードでログインしてください。',
    'account-password-changed': 'パスワードを変更しました。ほかの場所ではログアウトされました。',
    'open-link-again': 'メールのリンクをもう一度開いてください。リンクはまだ有効です。',
  },

  askReset: {
    title: '新しいパスワードの設定',
    lead: 'ログインに使うメールアドレスを入力してください。新しいパスワードを設定するためのリンクをお送りします。',
    submit: 'リンクを送る',
    sentTitle: '受信トレイをご確認ください',
    sent: (duration) =>
      `このアドレスのアカウントがある場合は、リンクを記載したメールをお送りします。リンクの有効時間は${duration}です。`,
    sentHint:
      '届くまでに数分かかることがあります。届かないときは、迷惑メールフォルダーを確認するか、別のメールアドレスでお試しください。',
    again: 'もう一度送る',
  },

  register: {
    title: '新規登録',
    lead: 'メールアドレスを入力してください。登録を続けるためのリンクをお送りします。',
    submit: 'リンクを送る',
    closed: '現在、新規登録は受け付けていません。',
    sentTitle: '受信トレイをご確認ください',
    sent: (duration) =>
      `入力されたアドレスにメールをお送りします。リンクの有効時間は${duration}です。`,
    confirmTitle: 'アカウントの作成',
    confirmLead: 'アカウントのメールアドレス：',
    confirmSubmit: 'アカウントを作成する',
    hasAccountTitle: 'アカウントはすでにあります',
    hasAccount:
      'このアドレスにはアカウントがあります。ログインするか、パスワードをお忘れの場合は新しく設定してください。',
  },

  newPassword: {
    title: '新しいパスワードの設定',
    lead: 'パスワードを設定するアカウント：',
    submit: 'パスワードを保存する',
  },

  deadLink: {
    title: 'このリンクは無効です',
    lead: 'すでに使われたか、期限が切れたか、リンクの一部が欠けています。新しいリンクをお送りします。',
    registerLead:
      'すでに使われたか、期限が切れたか、リンクの一部が欠けています。もう一度メールアドレスを入力してください。',
  },

  account: {
    title: 'アカウント',
    greeting: (name) => `こんにちは、${name}さん`,
    signedInAs: 'ログイン用メールアドレス：',
    changePassword: 'パスワードの変更',
    changeSubmit: 'パスワードを変更する',
    sessions: 'ログイン中の場所',
    thisSession: 'このブラウザー',
    lastSeen: (ago) => `最終アクセス：${ago}`,
    unknownDevice: 'ブラウザー',
    endSession: 'ログアウトさせる',
    endOthers: 'ほかの場所からすべてログアウト',
    logout: 'ログアウト',
  },

  problems: {
    email: 'メールアドレスの形式が正しくありません。例：name@example.com',
    emailMissing: 'メールアドレスを入力してください。',
    currentPassword: '現在のパスワードが正しくありません。',
    mismatch: '二つのパスワードが一致していません。両方の欄にもう一度入力してください。',
    username: {
      missing: 'お名前を入力してください。',
      'too-long': 'お名前が長すぎます。64文字以内で入力してください。',
    },
    password: {
      missing: 'パスワードを入力してください。',
      'too-short': (length) => `パスワードが短すぎます。${characters(length)}以上にしてください。`,
      'too-long': (length) => `パスワードが長すぎます。${characters(length)}以内にしてください。`,
      common:
        'このパスワードは多くの人が使っているか、推測されやすいものです。別のパスワードを選んでください。',
      personal:
        'このパスワードは、お名前やメールアドレス、このサイトの名前とほとんど同じです。別のパスワードを選んでください。',
      breached:
        'このパスワードは、ほかで起きた情報流出に含まれています。別のパスワードを選んでください。',
    },
  },

  errors: {
    'bad-request': {
      title: '正しく送信されませんでした',
      lead: '何も変更されていません。前のページに戻って、もう一度お試しください。',
    },
    'signed-out': {
      title: 'ログインしていません',
      lead: 'ログインしてから、もう一度お試しください。',
    },
    forbidden: {
      title: '別のサイトから送信されました',
      lead: '安全のため、このサイトのページからの送信だけを受け付けています。このサイトでページを開いて、もう一度お試しください。',
    },
    'not-found': {
      title: 'ページが見つかりません',
      lead: 'アドレスが間違っているか、古くなっている可能性があります。',
    },
    'too-large': {
      title: '送信内容が大きすぎます',
      lead: '受け付けられる大きさを超えています。何も変更されていません。',
    },
    'wrong-type': {
      title: 'フォームの形式が違います',
      lead: '何も変更されていません。前のページに戻って、もう一度お試しください。',
    },
    throttled: {
      title: '試行回数が多すぎます',
      lead: (duration) =>
        `${duration}ほど待ってから、もう一度お試しください。すでに届いているリンクは引き続き使えます。`,
    },
    overloaded: {
      title: 'ただいま混み合っています',
      lead: 'しばらくしてから、もう一度お試しください。',
    },
    unavailable: {
      title: 'ただいまご利用いただけません',
      lead: '時間をおいて、もう一度お試しください。',
    },
    broken: {
      title: '問題が発生しました',
      lead: '当サイト側の問題です。ご迷惑をおかけします。もう一度お試しください。',
    },
  },

  mails: {
    greeting: 'こんにちは。',
    askedFrom: (device) => `リクエスト元：${device}`,
    doneFrom: (device) => `変更元：${device}`,
    device: (browser, system) => `${system}の${browser}`,
    footer: (appName, address) => `このメールは${appName}から${address}宛てに送信されました。`,
    reset: {
      subject: (appName) => `${appName}の新しいパスワードの設定`,
      lead: (appName) =>
        `${appName}のアカウントについて、新しいパスワードを設定するリクエストがありました。ご本人の場合は、次のリンクを開いてください。`,
      button: '新しいパスワードを設定する',
      expiry: (duration) =>
        `リンクは一度だけ使えます。有効時間は、このメールの送信から${duration}です。`,
      notYou: 'お心当たりがない場合は、何もする必要はありません。パスワードは変わりません。',
    },
    register: {
      subject: (appName) => `${appName}への登録を完了してください`,
      lead: (appName) =>
        `このメールアドレスで${appName}のアカウントを作成するリクエストがありました。ご本人の場合は、次のリンクを開いてください。`,
      button: '登録を続ける',
      expiry: (duration) =>
        `リンクは一度だけ使えます。有効時間は、このメールの送信から${duration}です。`,
      notYou: 'お心当たりがない場合は、何もする必要はありません。アカウントは作成されません。',
    },
    'has-account': {
      subject: (appName) => `${appName}のアカウントはすでにあります`,
      lead: (appName) =>
        `このメールアドレスで${appName}のアカウントを作成するリクエストがありましたが、アカウントはすでにあります。ご本人でパスワードをお忘れの場合は、次のページで新しく設定してください。`,
      button: '新しいパスワードを設定する',
      notYou: 'お心当たりがない場合は、何もする必要はありません。何も変更されていません。',
    },
    'password-changed': {
      subject: (appName) => `${appName}のパスワードが変更されました`,
      lead: (appName, when) =>
        `${appName}のアカウントのパスワードが変更されました（${when}）。ほかの端末からはログアウトされました。`,
      ifYou: 'ご本人による変更の場合は、何もする必要はありません。',
      notYou: 'お心当たりがない場合は、すぐに新しいパスワードを設定してください。',
      button: '新しいパスワードを設定する',
    },
    test: {
      subject: (appName) => `${appName}からのテストメール`,
      lead: (appName) =>
        `リクエストされたテストメールです。${appName}からのメールはこのアドレスに届きます。`,
    },
    'error-report': {
      subject: (appName) => `${appName}：問題が発生しました`,
      lead: 'サービスで障害が発生しました。内容は次のとおりです。',
    },
  },
}
