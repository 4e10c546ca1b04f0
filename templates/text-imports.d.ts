/** Stylesheets and browser scripts are imported as their text (wrangler.toml, `rules`). */
declare module '*.css' {
  const text: string
  export default text
}
declare module '*.browser.js' {
  const text: string
  export default text
}
declare module '*.wasm' {
  const module: WebAssembly.Module
  export default module
}
