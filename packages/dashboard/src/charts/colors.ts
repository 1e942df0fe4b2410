let probe: HTMLElement | undefined

/** A CSS colour, variables and `light-dark()` included, as the canvas understands it in the theme in force. */
export function resolveColor(color: string): string {
  if (probe === undefined) {
    probe = document.createElement('span')
    probe.hidden = true
    document.body.append(probe)
  }
  probe.style.color = color
  return getComputedStyle(probe).color
}
