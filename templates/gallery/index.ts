/**
 * The gallery: every page and mail × state, rendered in one language.
 */
import { type Locale, wordsOf } from '../locales/index.ts'
import { renderMail, type RenderedMail } from '../mails/index.ts'
import { type BrandSettings, createBrand } from '../parts/brand.ts'
import type { View } from '../view.ts'
import { galleryMails } from './mails.ts'
import { galleryPages } from './pages.tsx'

export interface RenderedPage {
  /** For a file, as in `reset_password-dead-link`. */
  name: string
  html: string
}

export interface GalleryOptions extends BrandSettings {
  appName: string
}

const usual: GalleryOptions = { appName: 'Sparekey', appColor: '#0f5f66', appLogo: null }

/** Every page × state in one language. */
export async function renderPages(
  locale: Locale,
  options: Partial<GalleryOptions> = {},
): Promise<RenderedPage[]> {
  const view = createView(locale, { ...usual, ...options })
  const pages = galleryPages().map(async ({ page, state, render }) => {
    return { name: `${page}-${state}`.replaceAll(' ', '-'), html: (await render(view)).toString() }
  })
  return Promise.all(pages)
}

/** Every mail in one language. */
export function renderMails(
  locale: Locale,
  options: Partial<GalleryOptions> = {},
): (RenderedMail & { name: string })[] {
  const { appName, appColor } = { ...usual, ...options }
  const homeUrl = 'https://id.example.com/login'
  return galleryMails().map(({ mail, content }) => {
    const frame = { appName, appColor, address: 'ada.lovelace@example.com', locale, homeUrl }
    return { name: `mail-${mail}`, ...renderMail(content, frame) }
  })
}

function createView(locale: Locale, options: GalleryOptions): View {
  return {
    locale,
    t: wordsOf(locale),
    appName: options.appName,
    brand: createBrand(options),
    paths: {
      home: '/',
      login: '/login',
      logout: '/logout',
      register: '/register',
      registerSent: '/register/sent',
      reset: '/reset_password',
      resetSent: '/reset_password/sent',
      account: '/account',
      accountPassword: '/account/password',
      revokeSessions: '/account/sessions/revoke',
    },
  }
}
