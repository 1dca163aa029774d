/** The end of an id: its beginning is a time, the same for all of one hour. */
export function shortId(id: string): string {
  return id.length <= 10 ? id : id.slice(-8);
}

/** The last part of a type's name: `io.kestra.plugin.core.log.Log` is read as `Log`. */
export function shortType(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}
