/** The element with that id, which the page has. */
export function byId<T extends Element>(id: string, kind: abstract new () => T): T {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${kind.name} called ${id}`)
}

/** The inputs of a group of radio buttons. */
export function radios(name: string): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(`input[type=radio][name=${name}]`)]
}

/** A canvas with as many pixels as the screen gives it, drawn in the page's own units; `side` is its width and height. */
export function squareContext(canvas: HTMLCanvasElement): { readonly context: CanvasRenderingContext2D; readonly side: number } | null {
  const side = canvas.clientWidth
  const context = canvas.getContext('2d')
  if (side === 0 || context === null) return null
  const ratio = globalThis.devicePixelRatio
  const pixels = Math.round(side * ratio)
  if (canvas.width !== pixels || canvas.height !== pixels) canvas.width = canvas.height = pixels
  context.setTransform(pixels / side, 0, 0, pixels / side, 0, 0)
  context.clearRect(0, 0, side, side)
  return { context, side }
}

/** Calls `draw` before the next frame of the screen, once for any number of calls. */
export function onFrame(draw: () => void): () => void {
  let asked = false
  return () => {
    if (asked) return
    asked = true
    requestAnimationFrame(() => {
      asked = false
      draw()
    })
  }
}
