/**
 * Remembers what `make` made for each list of labels: finding a series by an object of labels costs twice as much as
 * observing it. Labels must be few and known; this never forgets.
 */
export function children<Labels extends readonly (string | number)[], Child>(
  make: (...labels: Labels) => Child,
): (...labels: Labels) => Child {
  const made = new Map<string, Child>()
  return (...labels) => {
    const key = labels.length === 1 ? String(labels[0]) : labels.join('\0')
    let child = made.get(key)
    if (child === undefined) {
      child = make(...labels)
      made.set(key, child)
    }
    return child
  }
}
