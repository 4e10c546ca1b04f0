/** The look of the inbox page, light and dark, from 320 pixels on. */
export const style = `:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #16181d);
  --desk: light-dark(#f4f5f7, #0f1115);
  --ink: light-dark(#1b1f27, #e6e8ec);
  --pale: light-dark(#596273, #9aa3b2);
  --line: light-dark(#d9dde4, #2b303a);
  --mark: light-dark(#1a56db, #8ab0ff);
  --marked: light-dark(#e6eeff, #1d2a47);
  --warn: light-dark(#9a3412, #fdba74);
  font:
    15px/1.5 system-ui,
    sans-serif;
}

* {
  box-sizing: border-box;
}

body {
  margin: 0;
  height: 100dvh;
  display: grid;
  grid-template-rows: auto minmax(0, 1fr);
  background: var(--desk);
  color: var(--ink);
}

a {
  color: var(--mark);
}

p,
h1,
dl,
dd,
ol,
ul {
  margin: 0;
  padding: 0;
}

ol,
ul {
  list-style: none;
}

code,
pre,
kbd {
  font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
  font-size: 13px;
}

kbd {
  border: 1px solid var(--line);
  border-radius: 4px;
  padding: 0 5px;
  color: var(--pale);
  background: var(--desk);
}

:focus-visible {
  outline: 2px solid var(--mark);
  outline-offset: -2px;
}

.hidden {
  position: absolute;
  clip-path: inset(50%);
}

/* Header */

body > header {
  display: flex;
  align-items: center;
  gap: 8px 20px;
  padding: 10px 16px;
  background: var(--paper);
  border-bottom: 1px solid var(--line);
}

.brand {
  font-weight: 700;
  font-size: 17px;
  color: inherit;
  text-decoration: none;
}

#search {
  flex: 1 1 200px;
  max-width: 520px;
  position: relative;
}

#search input {
  width: 100%;
  font: inherit;
  color: inherit;
  background: var(--desk);
  border: 1px solid var(--line);
  border-radius: 8px;
  padding: 6px 34px 6px 12px;
}

#search kbd {
  position: absolute;
  right: 9px;
  top: 8px;
  line-height: 20px;
}

#search input:focus + kbd {
  visibility: hidden;
}

#counts,
.server {
  display: flex;
  gap: 8px;
  align-items: center;
  color: var(--pale);
  font-size: 13px;
  white-space: nowrap;
}

#counts .unread {
  color: var(--mark);
  font-weight: 600;
}

.server {
  margin-left: auto;
}

#live {
  width: 9px;
  height: 9px;
  border-radius: 50%;
  background: var(--line);
}

#live.on {
  background: #22a06b;
}

#live.off {
  background: #d64545;
}

/* List and message */

main {
  min-height: 0;
  display: grid;
  grid-template-columns: minmax(280px, 380px) minmax(0, 1fr);
}

#list {
  overflow-y: auto;
  border-right: 1px solid var(--line);
  background: var(--paper);
}

#list a {
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  gap: 1px 10px;
  padding: 10px 16px 11px;
  border-bottom: 1px solid var(--line);
  border-left: 3px solid transparent;
  color: inherit;
  text-decoration: none;
}

#list a:hover {
  background: var(--desk);
}

#list a[aria-current] {
  background: var(--marked);
  border-left-color: var(--mark);
}

#list span,
#list strong {
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

#list .to,
#list time,
#list .attached,
#list .snippet {
  font-size: 13px;
  color: var(--pale);
}

#list .subject {
  font-weight: 600;
}

#list .read .subject {
  font-weight: 400;
}

#list .unread .to::before {
  content: '';
  display: inline-block;
  width: 8px;
  height: 8px;
  margin-right: 6px;
  border-radius: 50%;
  background: var(--mark);
}

#list .snippet {
  grid-column: 1 / -1;
}

#list .from {
  color: var(--ink);
}

.nothing {
  padding: 48px 24px;
  color: var(--pale);
  text-align: center;
}

.nothing p + p {
  margin-top: 8px;
}

.keys {
  display: inline-grid;
  grid-template-columns: auto auto;
  gap: 6px 14px;
  margin-top: 24px;
  text-align: left;
  font-size: 13px;
}

.keys dt {
  text-align: right;
}

#message {
  min-width: 0;
  min-height: 0;
  overflow: hidden;
  background: var(--paper);
}

article {
  height: 100%;
  display: flex;
  flex-direction: column;
}

.head {
  padding: 18px 24px 12px;
}

.head h1 {
  font-size: 21px;
  line-height: 1.3;
  overflow-wrap: anywhere;
}

.head dl {
  display: grid;
  grid-template-columns: auto minmax(0, 1fr);
  gap: 2px 12px;
  margin-top: 8px;
  font-size: 13px;
}

.head dt {
  color: var(--pale);
}

.head dd {
  overflow-wrap: anywhere;
}

.back {
  display: none;
}

.file {
  display: inline-block;
  margin-right: 12px;
}

.quick {
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
  padding: 0 24px 14px;
}

.quick button,
.quick a,
.links button {
  display: inline-flex;
  align-items: center;
  gap: 8px;
  min-height: 38px;
  padding: 4px 12px;
  font: inherit;
  color: var(--ink);
  background: var(--desk);
  border: 1px solid var(--line);
  border-radius: 8px;
  text-decoration: none;
  cursor: pointer;
}

.quick button:hover,
.quick a:hover,
.links button:hover {
  border-color: var(--mark);
}

.quick code {
  font-size: 17px;
  font-weight: 700;
  letter-spacing: 0.06em;
}

.quick .open {
  flex: 0 1 auto;
  min-width: 0;
  max-width: 100%;
}

.quick .href {
  min-width: 0;
  max-width: 44ch;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
  color: var(--pale);
  font-size: 13px;
}

.quick .what {
  white-space: nowrap;
  font-weight: 600;
}

.tabs {
  display: flex;
  gap: 2px;
  padding: 0 20px;
  border-bottom: 1px solid var(--line);
  overflow-x: auto;
  flex: none;
}

.tabs a {
  padding: 8px 12px;
  color: var(--pale);
  text-decoration: none;
  border-bottom: 2px solid transparent;
  white-space: nowrap;
}

.tabs a:hover {
  color: var(--ink);
}

.tabs a[aria-current] {
  color: var(--ink);
  font-weight: 600;
  border-bottom-color: var(--mark);
}

.tabs small {
  color: var(--pale);
}

.panel {
  flex: 1;
  min-height: 0;
  overflow: auto;
  padding: 16px 24px 32px;
}

.panel.html {
  display: flex;
  flex-direction: column;
  padding: 0;
}

.panel.html .tools {
  padding: 8px 24px;
}

.tools {
  display: flex;
  flex-wrap: wrap;
  justify-content: space-between;
  gap: 4px 16px;
  color: var(--pale);
  font-size: 13px;
  margin-bottom: 10px;
}

.panel.html .tools {
  margin: 0;
  justify-content: flex-end;
}

.blocked {
  margin-right: auto;
}

iframe {
  flex: 1;
  width: 100%;
  min-height: 200px;
  border: 0;
  border-top: 1px solid var(--line);
}

iframe.light {
  color-scheme: light;
  background: #ffffff;
}

iframe.dark {
  color-scheme: dark;
  background: #121212;
}

pre {
  margin: 0;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}

pre.words {
  max-width: 78ch;
  font-size: 14px;
}

table {
  border-collapse: collapse;
  width: 100%;
  font-size: 13px;
}

th,
td {
  padding: 5px 12px 5px 0;
  text-align: left;
  vertical-align: top;
  border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere;
}

th {
  color: var(--pale);
  font-weight: 500;
  white-space: nowrap;
}

.links li,
.findings li {
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  gap: 2px 12px;
  padding: 10px 0;
  border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere;
}

.links li > :not(button) {
  grid-column: 1;
}

.links button {
  grid-column: 2;
  grid-row: 1 / span 2;
  min-height: 30px;
  align-self: start;
}

.links small {
  color: var(--pale);
}

.warning,
.findings code,
.transcript .harness {
  color: var(--warn);
}

.findings li {
  grid-template-columns: 11em minmax(0, 1fr);
}

.transcript .server {
  color: var(--mark);
}

#said {
  position: fixed;
  left: 50%;
  bottom: 20px;
  translate: -50% 0;
  max-width: calc(100vw - 32px);
  padding: 8px 16px;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
  background: var(--ink);
  color: var(--paper);
  border-radius: 8px;
}

#said:empty {
  display: none;
}

@media (max-width: 760px) {
  body > header {
    flex-wrap: wrap;
    padding: 10px 14px;
  }

  #search {
    order: 1;
    flex-basis: 100%;
    max-width: none;
  }

  #search input {
    font-size: 16px;
  }

  kbd {
    display: none;
  }

  .keys {
    display: none;
  }

  main {
    grid-template-columns: minmax(0, 1fr);
  }

  .listing #message,
  .reading #list,
  .reading > header {
    display: none;
  }

  .reading {
    grid-template-rows: minmax(0, 1fr);
  }

  .back {
    display: inline-block;
    padding: 4px 0 8px;
    text-decoration: none;
  }

  .head,
  .quick {
    padding-left: 14px;
    padding-right: 14px;
  }

  .head {
    padding-top: 8px;
  }

  .tabs {
    padding: 0 4px;
  }

  .panel {
    padding: 14px;
  }

  .panel.html .tools {
    padding: 8px 14px;
  }

  .quick .open {
    flex: 1 1 100%;
  }

  .findings li {
    grid-template-columns: minmax(0, 1fr);
  }
}
`
