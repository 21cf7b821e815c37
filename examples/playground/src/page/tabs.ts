/** Makes the tabs work as tabs do: arrow keys go from one to the next, and the address remembers which it was. */
export function setUpTabs(shown: (panel: string) => void): void {
  const tabs = [...document.querySelectorAll<HTMLButtonElement>('[role=tab]')]
  const panelOf = (tab: HTMLButtonElement): string => tab.getAttribute('aria-controls')!
  const select = (tab: HTMLButtonElement): void => {
    for (const each of tabs) {
      const chosen = each === tab
      each.setAttribute('aria-selected', String(chosen))
      each.tabIndex = chosen ? 0 : -1
      document.getElementById(panelOf(each))!.hidden = !chosen
    }
    shown(panelOf(tab))
  }
  const fromAddress = (): HTMLButtonElement => tabs.find(tab => `#${panelOf(tab)}` === location.hash) ?? tabs[0]!
  for (const [i, tab] of tabs.entries()) {
    tab.addEventListener('click', () => {
      // Without a place in the history: going back leaves the page.
      history.replaceState(null, '', `#${panelOf(tab)}`)
      select(tab)
    })
    tab.addEventListener('keydown', event => {
      const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: -1 }[event.key]
      if (to === undefined) return
      event.preventDefault()
      const next = tabs.at(to % tabs.length)!
      next.focus()
      next.click()
    })
  }
  addEventListener('hashchange', () => select(fromAddress()))
  select(fromAddress())
}
