/** A namespace with those below it: a.b below a. */
export interface NamespaceNode {
  id: string;
  /** Its last part. */
  name: string;
  children: NamespaceNode[];
}

/** A namespace whose parent is not among them stands at the top, by its whole name. */
export function treeOf(ids: readonly string[]): NamespaceNode[] {
  const nodes = new Map<string, NamespaceNode>();
  const roots: NamespaceNode[] = [];
  for (const id of [...ids].sort()) {
    const parent = nodes.get(id.slice(0, Math.max(0, id.lastIndexOf("."))));
    const node = { id, name: parent === undefined ? id : id.slice(parent.id.length + 1), children: [] };
    nodes.set(id, node);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}
