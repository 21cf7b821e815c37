// A title names items as people write them: `S5.1-01, 02 and 07`, `B-7.2, 7.3a`, `N-01 to N-04`.
const FULL = /(?<![\w.-])(?<part>S5\.\d-|E5\.\d-|L5\.\d-|[PTNQ]-|[BC]-\d+\.)(?<number>\d{1,2})(?<letter>[a-z])?(?![\w-]|\.\d)/y
const SHORT = /(?:[BC]-)?(?:(?<chapter>\d+)\.)?(?<number>\d{1,2})(?<letter>[a-z])?(?![\w-]|\.\d)/y
const LINK = /(?<link>,\s*(?:and\s+)?|\s+and\s+|\s+to\s+|–)/y

/** The items that a test's title names, without the letters that tell claims of one item apart. */
export function itemsOf(title: string): string[] {
  const found = new Set<string>()
  for (let at = 0; at < title.length; at++) {
    let item = match(FULL, title, at)
    if (item === null) continue
    let { part, number } = item.groups as { part: string; number: string }
    found.add(part + number)
    at += item[0].length
    for (;;) {
      const link = match(LINK, title, at)
      if (link === null) break
      const next = at + link[0].length
      item = match(FULL, title, next) ?? match(SHORT, title, next)
      if (item === null) break
      const groups = item.groups as { part?: string; chapter?: string; number: string }
      const samePart = groups.part ?? (groups.chapter === undefined ? part : `${part[0]}-${groups.chapter}.`)
      if (/to|–/.test(link[0])) {
        for (let n = Number(number) + 1; n < Number(groups.number); n++) found.add(part + String(n).padStart(number.length, '0'))
      }
      part = samePart
      number = groups.number
      found.add(part + number)
      at = next + item[0].length
    }
  }
  return [...found]
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
