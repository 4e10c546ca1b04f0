/**
 * Pages of the shop's own, in place of two of Sparekey's: one in JSX out of the
 * same parts, one as a whole document of another template engine.
 */
import { raw } from 'hono/html'
import {
  type ErrorPageProps,
  Field,
  Layout,
  type LoginPageProps,
  type Page,
  PasswordField,
  Problem,
} from 'sparekey/pages'

export const LoginPage: Page<LoginPageProps> = ({ view, email, problem }) => (
  <Layout
    view={view}
    title="Open the green door"
    here={view.paths.login}
    refused={Boolean(problem)}
  >
    {problem && <Problem>{view.t.login[problem]}</Problem>}
    <form method="post" action={view.paths.login} class="door">
      <Field
        name="email"
        type="email"
        label={view.t.common.email}
        autocomplete="username"
        value={email}
      />
      <PasswordField
        view={view}
        name="password"
        label={view.t.common.password}
        autocomplete="current-password"
      />
      <button>Open</button>
    </form>
  </Layout>
)

export const ErrorPage: Page<ErrorPageProps> = ({ view, kind }) =>
  raw(
    `<!doctype html><title>The shop</title><style>${view.brand.style}</style><h1>Oh: ${kind}</h1>`,
  )

export const pageStyle = '.door { border: 1px solid seagreen }'
