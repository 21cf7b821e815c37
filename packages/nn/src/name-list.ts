/** Names for a message: all, or the first three and the last four. */
export function nameList(names: readonly string[]): string {
  const quoted = names.map(name => `'${name}'`)
  return quoted.length <= 7 ? quoted.join(', ') : `${quoted.slice(0, 3).join(', ')}, ..., ${quoted.slice(-4).join(', ')}`
}
