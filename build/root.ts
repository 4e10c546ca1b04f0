import { findPackageJSON } from 'node:module'
import { dirname, resolve } from 'node:path'

/** The project's folder, from this file and from a bundle that it is in. */
export const root = dirname(findPackageJSON(import.meta.url) ?? resolve('package.json'))
