/**
 * Which mail clients show the HTML as meant, by the data of caniemail.com, in the
 * shape of Mailpit's HTML check.
 */
import { isText, type Element } from 'domhandler'
import { elementsOf } from '../../message/dom.ts'
import { finderFor, type Markup } from './html-features.ts'

interface Feature {
  slug: string
  title: string
  description: string
  url: string
  category: string
  tags: string[]
  keywords: string | null
  notes_by_num: Record<string, string> | null
  stats: Record<string, Record<string, Record<string, string>>>
}

interface NiceNames {
  family: Record<string, string>
  platform: Record<string, string>
}

export async function checkHtml(html: string) {
  const { features, names } = await data()
  const markup = markupOf(html)
  const tested = features.flatMap((feature) => {
    const find = finderFor(feature.category, feature.title)
    return find === undefined ? [] : [{ feature, found: find(markup) }]
  })
  const used = tested.filter(({ found }) => found > 0)
  const all = used.map(({ feature, found }) => warning(feature, found, names))
  const Warnings = all.filter(({ Score }) => Score.Partial + Score.Unsupported > 0).sort(worstFirst)
  return {
    Total: total(Warnings, markup.elements.length, tested.length),
    Warnings,
    Platforms: platforms(features, names),
  }
}

interface Data {
  features: Feature[]
  names: NiceNames
}

let loaded: Promise<Data> | undefined

/** Loaded when the first check is made: half a megabyte that most runs never need. */
function data(): Promise<Data> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<Data> {
  const { default: known } = await import('caniemail/caniemail.json', { with: { type: 'json' } })
  const { data: features, nicenames: names } = JSON.parse(JSON.stringify(known))
  return { features, names }
}

function markupOf(html: string): Markup {
  const elements = elementsOf(html)
  const sheets = elements
    .filter(({ name }) => name === 'style')
    .map(sheetOf)
    .join('\n')
  const inline = elements.map(({ attribs }) => attribs.style ?? '').filter((style) => style !== '')
  const css = `${sheets}\n${inline.map((style) => `x{${style}}`).join('\n')}`
  return { elements, html, sheets, css }
}

function sheetOf({ children }: Element) {
  return children.map((child) => (isText(child) ? child.data : '')).join('')
}

type Warning = ReturnType<typeof warning>

function warning(feature: Feature, Found: number, names: NiceNames) {
  const Results = results(feature, names)
  const share = (support: string) =>
    (Results.filter(({ Support }) => Support === support).length / Math.max(1, Results.length)) *
    100
  return {
    Slug: feature.slug,
    Title: feature.title,
    Description: feature.description,
    URL: feature.url,
    Category: feature.category,
    Tags: feature.tags,
    Keywords: feature.keywords ?? '',
    Results,
    NotesByNumber: feature.notes_by_num ?? {},
    Score: { Found, Supported: share('yes'), Partial: share('partial'), Unsupported: share('no') },
  }
}

function results({ stats }: Feature, { family, platform }: NiceNames) {
  return Object.entries(stats).flatMap(([Family, platforms]) =>
    Object.entries(platforms).flatMap(([Platform, versions]) =>
      Object.entries(versions).map(([Version, answer]) => ({
        Name: `${family[Family] ?? Family} ${platform[Platform] ?? Platform} (${Version})`,
        Family,
        Platform,
        Version,
        Support: answer === 'y' ? 'yes' : answer === 'n' ? 'no' : 'partial',
        NoteNumber: /#(\d+)/.exec(answer)?.[1] ?? '',
      })),
    ),
  )
}

function worstFirst(one: Warning, other: Warning) {
  return weight(other) - weight(one)
}

function weight({ Score }: Warning) {
  return (Score.Partial + Score.Unsupported) * Score.Found
}

/** The worst single feature counts, weighed by how much of the document uses it. */
function total(warnings: Warning[], Nodes: number, Tests: number) {
  const worst = (share: (warning: Warning) => number) =>
    Math.max(
      0,
      ...warnings.map((one) => Math.min(100, (share(one) * one.Score.Found) / Math.max(1, Nodes))),
    )
  const Partial = worst(({ Score }) => Score.Partial)
  const Unsupported = worst(({ Score }) => Score.Unsupported)
  return { Nodes, Tests, Supported: Math.max(0, 100 - Partial - Unsupported), Partial, Unsupported }
}

/** Platform to the families that are tested on it. */
function platforms(features: Feature[], { family }: NiceNames) {
  const found: Record<string, Set<string>> = {}
  for (const { stats } of features) {
    for (const [name, tested] of Object.entries(stats)) {
      for (const platform of Object.keys(tested)) {
        ;(found[platform] ??= new Set()).add(family[name] ?? name)
      }
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([platform, names]) => [
      platform,
      [...names].sort((a, b) => a.localeCompare(b)),
    ]),
  )
}
