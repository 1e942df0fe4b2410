/**
 * Where the rows of a long list stand when their heights are known only of those that were drawn: the others count with
 * an estimate. A Fenwick tree over the differences from it: setting and finding take log n steps.
 */
export class HeightIndex {
  readonly estimate: number
  #count = 0
  #heights = new Float64Array(1024)
  #tree = new Float64Array(1025)

  constructor(estimate: number) {
    this.estimate = estimate
  }

  get count(): number {
    return this.#count
  }

  get total(): number {
    return this.offset(this.#count)
  }

  /** Rows come and go at the end. */
  resize(count: number): void {
    if (count > this.#heights.length) this.#grow(count)
    for (let index = count; index < this.#count; index++) this.#change(index, 0)
    this.#count = count
  }

  /** @returns by how much the row grew, in pixels */
  set(index: number, height: number): number {
    return index < this.#count ? this.#change(index, height - this.estimate) : 0
  }

  height(index: number): number {
    return this.estimate + (this.#heights[index] ?? 0)
  }

  /** The upper edge of a row, in pixels. */
  offset(index: number): number {
    let sum = index * this.estimate
    for (let node = index; node > 0; node -= node & -node) sum += this.#tree[node] ?? 0
    return sum
  }

  /** The row at a height; the last one below the end. */
  indexAt(offset: number): number {
    let low = 0
    let high = Math.max(0, this.#count - 1)
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.offset(middle) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  /** All rows are as the estimate says: the list has another width now. */
  forget(): void {
    this.#heights.fill(0)
    this.#tree.fill(0)
  }

  #change(index: number, difference: number): number {
    const delta = difference - (this.#heights[index] ?? 0)
    if (delta === 0) return 0
    this.#heights[index] = difference
    for (let node = index + 1; node < this.#tree.length; node += node & -node) this.#tree[node]! += delta
    return delta
  }

  #grow(count: number): void {
    const heights = new Float64Array(2 ** Math.ceil(Math.log2(count)))
    heights.set(this.#heights)
    this.#heights = heights
    this.#tree = new Float64Array(heights.length + 1)
    for (let node = 1; node < this.#tree.length; node++) {
      this.#tree[node]! += heights[node - 1] ?? 0
      const parent = node + (node & -node)
      if (parent < this.#tree.length) this.#tree[parent]! += this.#tree[node]!
    }
  }
}
