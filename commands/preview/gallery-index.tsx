/** The page that shows the whole gallery, one language and one view at a time. */
import { raw } from 'hono/html'

export interface Language {
  locale: string
  name: string
}

export function renderIndex(names: readonly string[], languages: readonly Language[]): string {
  const markup = Index({ names, languages })
  if (markup instanceof Promise) throw new TypeError('Cannot render an index that waits')
  return `<!doctype html>${markup.toString()}`
}

function Index({ names, languages }: { names: readonly string[]; languages: readonly Language[] }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Sparekey: every page and mail</title>
        <style>{raw(style)}</style>
      </head>
      <body>
        <form>
          <strong>Sparekey</strong>
          <Choice
            name="language"
            options={languages.map(({ locale, name }) => [locale, name] as const)}
          />
          <Choice name="scheme" options={[same('light'), same('dark')]} />
          <Choice name="width" options={[same('320'), same('480'), same('960')]} />
        </form>
        <main>
          {names.map((name) => (
            <figure>
              <figcaption>
                <a data-name={name}>{name}</a>
              </figcaption>
              <iframe data-name={name} title={name} sandbox="allow-scripts" loading="lazy" />
            </figure>
          ))}
        </main>
        <script>{raw(script)}</script>
      </body>
    </html>
  )
}

function same(value: string) {
  return [value, value] as const
}

interface ChoiceProps {
  name: string
  options: readonly (readonly [value: string, label: string])[]
}

function Choice({ name, options }: ChoiceProps) {
  return (
    <label>
      {`${name} `}
      <select name={name}>
        {options.map(([value, label]) => (
          <option value={value}>{label}</option>
        ))}
      </select>
    </label>
  )
}

const style = `
body { margin: 0; font: 15px/1.4 system-ui, sans-serif; background: #ccc }
form { position: sticky; top: 0; display: flex; gap: 1rem; padding: .5rem 1rem; background: #fff }
main { display: flex; flex-wrap: wrap; gap: 1rem; padding: 1rem }
figure { margin: 0 }
iframe { border: 1px solid #888; height: 720px; background: #fff }
`

const script = `
const form = document.querySelector('form')
for (const [name, value] of new URLSearchParams(location.search)) {
  if (form.elements[name]) form.elements[name].value = value
}
function show() {
  const { language, scheme, width } = Object.fromEntries(new FormData(form))
  for (const element of document.querySelectorAll('[data-name]')) {
    const file = language + '/' + element.dataset.name + '.' + scheme + '.html'
    if (element.localName === 'a') element.href = file
    else Object.assign(element, { src: file, width })
  }
}
form.onchange = show
show()
`
