// The one script of every page. It only helps: without it, every form works the same.
for (const field of document.querySelectorAll('[data-show]')) addShowButton(field)
for (const field of document.querySelectorAll('[data-least]')) tellLength(field)
for (const field of document.querySelectorAll('[data-same]')) tellWhetherSame(field)
for (const clean of document.querySelectorAll('[name=sparekey-clean-url]')) cleanAddressBar(clean)

// A mailed link's token leaves the address bar at once: history, analytics and screen sharing never see it.
// A reload then lands on a page that says to open the link again.
function cleanAddressBar({ content }) {
  history.replaceState(null, '', content)
}

function addShowButton(field) {
  const input = field.querySelector('input')
  const button = document.createElement('button')
  button.type = 'button'
  button.setAttribute('aria-controls', input.id)
  const turn = (type) => {
    input.type = type
    button.textContent = type === 'password' ? field.dataset.show : field.dataset.hide
    const label = field.querySelector('label').textContent
    button.setAttribute('aria-label', `${button.textContent}: ${label}`)
  }
  turn('password')
  button.onclick = () => turn(input.type === 'password' ? 'text' : 'password')
  // Shown text would be kept among what the browser completes.
  input.form.addEventListener('submit', () => turn('password'))
  input.after(button)
}

function tellLength(field) {
  const { least, remaining, enough } = field.dataset
  const forms = JSON.parse(remaining)
  const { lang } = document.documentElement
  const input = field.querySelector('input')
  tellWhileTyping(field, [input], () => {
    const missing = least - [...input.value.normalize('NFC')].length
    if (!input.value) return ''
    if (missing <= 0) return { good: enough }
    const form = forms[new Intl.PluralRules(lang).select(missing)] ?? forms.other
    return form.replace('#', new Intl.NumberFormat(lang).format(missing))
  })
}

function tellWhetherSame(field) {
  const input = field.querySelector('input')
  const first = input.form.elements.password
  tellWhileTyping(field, [first, input], () => {
    if (!input.value) return ''
    if (input.value === first.value) return { good: field.dataset.same }
    // Whoever is still typing the same has done nothing wrong.
    return first.value.startsWith(input.value) ? '' : field.dataset.different
  })
}

// Seen at once, and said to a screen reader when the typing pauses.
function tellWhileTyping(field, inputs, tell) {
  const seen = addLine(field, 'typing')
  seen.setAttribute('aria-hidden', 'true')
  const said = addLine(field, 'unseen')
  said.setAttribute('role', 'status')
  let pause
  const update = () => {
    const news = tell()
    const text = news.good ?? news
    seen.textContent = text
    seen.classList.toggle('good', 'good' in Object(news))
    clearTimeout(pause)
    pause = setTimeout(() => (said.textContent = text), 1000)
  }
  for (const input of inputs) input.addEventListener('input', update)
}

function addLine(field, name) {
  const line = document.createElement('span')
  line.className = name
  field.append(line)
  return line
}
