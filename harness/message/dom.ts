import { isTag, type ChildNode, type Element } from 'domhandler'
import { parseDocument } from 'htmlparser2'

/** Every element, in document order. */
export function elementsOf(html: string): Element[] {
  return parseDocument(html).children.flatMap(elementsIn)
}

function elementsIn(node: ChildNode): Element[] {
  return isTag(node) ? [node, ...node.children.flatMap(elementsIn)] : []
}
