/** What can be seen of a message, in the order of the keys 1 to 7. */
export const tabs = [
  { id: 'html', title: 'HTML' },
  { id: 'text', title: 'Text' },
  { id: 'source', title: 'Source' },
  { id: 'headers', title: 'Headers' },
  { id: 'links', title: 'Links' },
  { id: 'smtp', title: 'SMTP' },
  { id: 'check', title: 'Check' },
] as const

export type Tab = (typeof tabs)[number]['id']

export function isTab(id: string): id is Tab {
  return tabs.some((tab) => tab.id === id)
}
