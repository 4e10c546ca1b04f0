/** The look of the inbox page, light and dark, from 320 pixels on: one stylesheet, in the order that rules override each other. */
import page from './page.css'
import list from './list.css'
import message from './message.css'
import tabs from './tabs.css'
import narrow from './narrow.css'

export const style = [page, list, message, tabs, narrow].join('\n')
