/**
 * Arrow keys between the elements of a group that share one tab stop: the focused one gets `tabindex="0"`, the others
 * −1. Returns whether the key was one of the group's.
 */
export function rove(event: KeyboardEvent, group: readonly HTMLElement[], axis: 'row' | 'column'): boolean {
  const at = group.indexOf(event.target as HTMLElement)
  if (at < 0) return false
  const [back, forward] = axis === 'row' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
  const to = { [back]: at - 1, [forward]: at + 1, Home: 0, End: group.length - 1 }[event.key]
  const target = to === undefined ? undefined : group[Math.min(group.length - 1, Math.max(0, to))]
  if (target === undefined) return false
  event.preventDefault()
  for (const element of group) element.tabIndex = element === target ? 0 : -1
  target.focus()
  return true
}
