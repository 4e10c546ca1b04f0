/**
 * Makes the inbox page live: new mail shows without a reload, links within the
 * page swap its parts, and keys do what the hand does most.
 */
const parts = ['list', 'message', 'counts']

const events = new EventSource('/api/stream')
const live = document.getElementById('live')
events.onopen = () => {
  live.className = 'on'
  live.title = 'Live: new mail shows at once'
}
events.onerror = () => {
  live.className = 'off'
  live.title = 'The harness has stopped: reload when it is back'
}

let due
for (const type of ['new', 'delete', 'truncate', 'prune', 'update']) {
  events.addEventListener(type, () => {
    clearTimeout(due)
    due = setTimeout(() => inTurn(() => show(location.href, { only: ['list', 'counts'] })), 60)
  })
}

/**
 * One after the other: a list that was fetched before a step does not replace the one
 * after it, and a key pressed meanwhile goes on from where the step leads.
 */
let turn = Promise.resolve()
function inTurn(act) {
  turn = turn.then(act).catch(reportError)
}

/** Fetches a page of ours and puts its parts in place of those here. */
async function show(url, { only = parts, push = false, keepSearch = true } = {}) {
  const response = await fetch(url, { headers: { Accept: 'text/html' } })
  if (!response.ok) {
    location.assign('/')
    return
  }
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  for (const id of only) replace(id, page)
  document.title = page.title
  if (push) history.pushState(null, '', url)
  if (only.includes('message')) document.body.className = page.body.className
  if (!keepSearch) document.getElementById('query').value = page.getElementById('query').value
  document.querySelector('#list [aria-current]')?.scrollIntoView({ block: 'nearest' })
}

function replace(id, page) {
  const here = document.getElementById(id)
  const focused = here.contains(document.activeElement)
    ? document.activeElement.getAttribute('href')
    : null
  here.innerHTML = page.getElementById(id).innerHTML
  if (focused !== null) here.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus()
}

addEventListener('popstate', () => inTurn(() => show(location.href, { keepSearch: false })))

document.addEventListener('click', (event) => {
  const copied = event.target.closest('[data-copy]')
  if (copied !== null) return void copy(copied)
  const link = event.target.closest('a[href^="/"]')
  const isOurs = link !== null && !link.target && !link.href.includes('/api/')
  if (!isOurs || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
  event.preventDefault()
  inTurn(() => show(link.href, { push: true, keepSearch: !link.matches('.brand') }))
})

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy)
  say(`Copied ${button.dataset.copy}`)
}

let silence
function say(words) {
  const said = document.getElementById('said')
  said.textContent = words
  clearTimeout(silence)
  silence = setTimeout(() => (said.textContent = ''), 2500)
}

const search = document.getElementById('query')
let typed
search.addEventListener('input', () => {
  clearTimeout(typed)
  typed = setTimeout(() => inTurn(showFound), 120)
})
search.form.addEventListener('submit', (event) => {
  event.preventDefault()
  document.querySelector('#list a')?.focus()
})

async function showFound() {
  await show(searched(), { only: ['list', 'counts'] })
  history.replaceState(null, '', searched())
}

/** The address of what is open, with what is searched for. */
function searched() {
  const url = new URL(location.href)
  if (search.value === '') url.searchParams.delete('query')
  else url.searchParams.set('query', search.value)
  return url.href
}

const keys = {
  '/': () => search.select(),
  j: () => inTurn(() => step(1)),
  ArrowDown: () => inTurn(() => step(1)),
  k: () => inTurn(() => step(-1)),
  ArrowUp: () => inTurn(() => step(-1)),
  Escape: () => inTurn(() => document.querySelector('.back')?.click()),
}

document.addEventListener('keydown', (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey) return
  if (event.target === search) {
    leaveSearch(event)
    return
  }
  const marked = /^[a-z1-9]$/.test(event.key)
    ? document.querySelector(`[data-key="${event.key}"]`)
    : null
  const act = keys[event.key] ?? (marked === null ? undefined : () => marked.click())
  if (act === undefined) return
  event.preventDefault()
  act()
})

function leaveSearch(event) {
  if (event.key === 'Escape') search.blur()
  if (event.key === 'ArrowDown') inTurn(() => step(1))
}

/** Opens the next message, or the previous. */
async function step(by) {
  const links = [...document.querySelectorAll('#list a')]
  const at = links.findIndex((link) => link.hasAttribute('aria-current'))
  const next = links[at < 0 ? 0 : at + by]
  search.blur()
  if (next !== undefined) await show(next.href, { push: true })
}
