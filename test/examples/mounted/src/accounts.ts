/** What the shop makes of Sparekey, on either platform: it hears what happens, signs the mails and shows pages of its own. */
import { type Platform, renderMail } from 'sparekey'
import { ErrorPage, LoginPage, pageStyle } from './pages.tsx'

export const heard: unknown[] = []

export function asOurs(platform: Platform): Platform {
  return {
    ...platform,
    hooks: {
      registered: ({ username }) => void heard.push({ registered: username }),
      'recovery-asked': ({ address }) => void heard.push({ asked: address }),
      'password-changed': ({ by }) => {
        heard.push({ changed: by })
        throw new Error('A hook that fails is nobody else’s trouble')
      },
    },
    renderMail(content, frame) {
      const mail = renderMail(content, frame)
      return { ...mail, text: `${mail.text}The team of the green door\n` }
    },
    pages: { login: LoginPage, error: ErrorPage },
    pageStyle,
  }
}
