import { isTag, type ChildNode, type Element } from 'domhandler'
import { parseDocument } from 'htmlparser2'

/** No mail that people read nests deeper; a hostile one must not exhaust the stack. */
export const MAX_DEPTH = 500

/** Every element, in document order. */
export function elementsOf(html: string): Element[] {
  return parseDocument(html).children.flatMap((node) => elementsIn(node, 0))
}

function elementsIn(node: ChildNode, depth: number): Element[] {
  if (!isTag(node) || depth > MAX_DEPTH) return []
  return [node, ...node.children.flatMap((child) => elementsIn(child, depth + 1))]
}
