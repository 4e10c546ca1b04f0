/** Chinese in simplified characters, in the polite form. */
import type { Words } from './en.ts'
import { counted } from './plural.ts'

const characters = counted('zh-CN', { other: '# 个字符' })

export const zhCn: Words = {
  language: '简体中文',
  direction: 'ltr',

  common: {
    email: '电子邮箱',
    password: '密码',
    newPassword: '新密码',
    confirmPassword: '再次输入新密码',
    currentPassword: '当前密码',
    username: '您的称呼',
    usernameHint: '我们在本站这样称呼您。登录时使用电子邮箱。',
    backToLogin: '返回登录',
    passwordHint: (length) => `至少 ${characters(length)}。几个词连在一起就是不错的密码。`,
    chooseLanguage: '语言',
    problemTitle: (title) => `有问题：${title}`,
  },

  typing: {
    show: '显示',
    hide: '隐藏',
    remaining: { other: '还差 # 个字符' },
    enough: '长度足够',
    same: '两次输入一致',
    different: '两次输入不一致',
  },

  login: {
    title: '登录',
    submit: '登录',
    forgot: '忘记密码？',
    register: '注册',
    wrong: '邮箱与密码不匹配。',
    missing: '请输入电子邮箱和密码。',
  },

  notices: {
    registered: '您的账户已创建。请用新密码登录。',
    'password-changed': '密码已更改。请用新密码登录。',
    'account-password-changed': '密码已更改。其他各处均已退出登录。',
    'open-link-again': '请再次打开邮件中的链接，它仍然有效。',
  },

  askReset: {
    title: '设置新密码',
    lead: '请输入您登录时使用的邮箱。我们会发送一个链接，供您设置新密码。',
    submit: '发送链接',
    sentTitle: '请查看您的收件箱',
    sent: (duration) =>
      `如果该邮箱有对应的账户，一封带有链接的邮件正在发送途中。链接有效时间：${duration}。`,
    sentHint: '可能需要几分钟。如果没有收到，请查看垃圾邮件文件夹，或换用您的其他邮箱再试。',
    again: '重新发送',
  },

  register: {
    title: '注册',
    lead: '请输入您的电子邮箱。我们会发送一个链接，供您继续注册。',
    submit: '发送链接',
    closed: '目前暂不开放新账户注册。',
    sentTitle: '请查看您的收件箱',
    sent: (duration) => `邮件正在发往您填写的邮箱。其中链接的有效时间：${duration}。`,
    confirmTitle: '创建账户',
    confirmLead: '此账户属于：',
    confirmSubmit: '创建账户',
    hasAccountTitle: '账户已存在',
    hasAccount: '该邮箱已有账户。请直接登录；如果忘记了密码，请设置新密码。',
  },

  newPassword: {
    title: '设置新密码',
    lead: '正在为此账户设置新密码：',
    submit: '保存密码',
  },

  deadLink: {
    title: '此链接已失效',
    lead: '链接已被使用、已过期或不完整。请重新获取：',
    registerLead: '链接已被使用、已过期或不完整。请重新输入您的电子邮箱：',
  },

  account: {
    title: '您的账户',
    greeting: (name) => `${name}，您好`,
    signedInAs: '登录邮箱：',
    changePassword: '更改密码',
    changeSubmit: '更改密码',
    sessions: '已登录的位置',
    thisSession: '当前浏览器',
    lastSeen: (ago) => `最近活动：${ago}`,
    unknownDevice: '某个浏览器',
    endSession: '退出该处登录',
    endOthers: '退出其他所有登录',
    logout: '退出登录',
  },

  problems: {
    email: '这不是有效的邮箱地址。格式应类似 name@example.com。',
    emailMissing: '请输入电子邮箱。',
    currentPassword: '当前密码不正确。',
    mismatch: '两次输入的密码不一致。请在两栏中重新输入新密码。',
    username: {
      missing: '请输入称呼。',
      'too-long': '称呼过长：最多 64 个字符。',
    },
    password: {
      missing: '请输入密码。',
      'too-short': (length) => `密码过短：至少需要 ${characters(length)}。`,
      'too-long': (length) => `密码过长：最多 ${characters(length)}。`,
      common: '这个密码很多人在用，或容易被猜到。请换一个。',
      personal: '这个密码与您的称呼、邮箱或本站名称过于接近。请换一个。',
      breached: '这个密码曾在其他地方的数据泄露中出现。请换一个。',
    },
  },

  errors: {
    'bad-request': { title: '提交的内容有误', lead: '没有任何更改。请返回重试。' },
    'signed-out': { title: '您尚未登录', lead: '请先登录，然后重试。' },
    forbidden: {
      title: '此请求来自其他网站',
      lead: '为了您的安全，我们只接受本站页面提交的表单。请在本站打开该页面后重试。',
    },
    'not-found': { title: '页面不存在', lead: '地址可能有误或已失效。' },
    'too-large': {
      title: '提交的内容过大',
      lead: '提交的内容超过了本站所有表单的上限。没有任何更改。',
    },
    'wrong-type': { title: '这不是表单内容', lead: '没有任何更改。请返回重试。' },
    throttled: {
      title: '尝试次数过多',
      lead: (duration) => `请在${duration}后重试。已发到您邮箱的链接仍然有效。`,
    },
    overloaded: { title: '当前访问繁忙', lead: '请稍候片刻再试。' },
    unavailable: { title: '暂时无法使用', lead: '请稍后再试。' },
    broken: { title: '我们这边出了问题', lead: '这不是您的原因。请重试。' },
  },

  mails: {
    greeting: '您好：',
    askedFrom: (device) => `请求来自 ${device}。`,
    doneFrom: (device) => `操作来自 ${device}。`,
    device: (browser, system) => `${system} 上的 ${browser}`,
    footer: (appName, address) => `此邮件由 ${appName} 发送至 ${address}。`,
    reset: {
      subject: (appName) => `设置您的 ${appName} 新密码`,
      lead: (appName) => `有人请求为您的 ${appName} 账户设置新密码。如果是您本人，请打开此链接：`,
      button: '设置新密码',
      expiry: (duration) => `链接只能使用一次，自本邮件发出起的有效时间：${duration}。`,
      notYou: '如果不是您本人，无需任何操作：您的密码保持不变。',
    },
    register: {
      subject: (appName) => `完成您的 ${appName} 注册`,
      lead: (appName) => `有人想用此邮箱注册 ${appName} 账户。如果是您本人，请打开此链接：`,
      button: '继续',
      expiry: (duration) => `链接只能使用一次，自本邮件发出起的有效时间：${duration}。`,
      notYou: '如果不是您本人，无需任何操作：不会创建账户。',
    },
    'has-account': {
      subject: (appName) => `您已有 ${appName} 账户`,
      lead: (appName) =>
        `有人想用此邮箱注册 ${appName} 账户，但您已有账户。如果是您本人且忘记了密码，请在此设置新密码：`,
      button: '设置新密码',
      notYou: '如果不是您本人，无需任何操作：没有任何更改。',
    },
    'password-changed': {
      subject: (appName) => `您的 ${appName} 密码已更改`,
      lead: (appName, when) =>
        `您的 ${appName} 账户密码已更改，时间：${when}。其他设备均已退出登录。`,
      ifYou: '如果是您本人，无需任何操作。',
      notYou: '如果不是您本人，请立即设置新密码：',
      button: '设置新密码',
    },
    test: {
      subject: (appName) => `来自 ${appName} 的测试邮件`,
      lead: (appName) => `这是您请求的测试邮件。${appName} 的邮件可以送达此处。`,
    },
    'error-report': {
      subject: (appName) => `${appName}：出现问题`,
      lead: '服务本身发生了故障。详情如下：',
    },
  },
}
