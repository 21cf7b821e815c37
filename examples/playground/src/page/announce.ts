import { byId } from './dom.ts'

/** Says something to those who listen to the page. What changes many times a second is not for here. */
export function announce(text: string): void {
  const place = byId('announcements', HTMLElement)
  // The same words again would not be heard.
  place.textContent = place.textContent === text ? `${text}\u00a0` : text
}
