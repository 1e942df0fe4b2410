import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks'
import { HeightIndex } from './height-index.ts'
import { Icon } from './icon.tsx'
import { hasLeftEnd, isAtEnd, measure, type Window, windowAt } from './virtual-window.ts'

interface Props {
  readonly label: string
  readonly count: number
  /** The height of most rows, in pixels. */
  readonly estimate: number
  /** Changes when rows have other contents. */
  readonly version: unknown
  /** One `<li>` with a key. */
  readonly row: (index: number) => ComponentChildren
  readonly onShow: (shown: Window) => void
  /** A row to bring into view; another object each time. */
  readonly target: { readonly index: number } | undefined
  /** The list goes to its end when this becomes another thing. */
  readonly follow: unknown
}

/** Rows that are drawn beyond each edge. */
const margin = 3

/** A list of any length of which only what is in view is in the document. It opens at its end, and follows it there. */
export function VirtualList({ label, count, estimate, version, row, onShow, target, follow }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const heights = useRef<HeightIndex>(null)
  heights.current ??= new HeightIndex(estimate)
  const index = heights.current
  /** `placed` is where the scroller was when the list last set it or heard of it. */
  const view = useRef({ top: 0, placed: 0, height: 600, width: 0, atEnd: true, followed: follow })
  const [, redraw] = useReducer((times: number, _: null) => times + 1, 0)

  index.resize(count)
  const { current } = view
  const goToEnd = () => {
    current.atEnd = true
    current.placed = scroller.current?.scrollTop ?? 0
  }
  if (follow !== undefined && follow !== current.followed) {
    current.followed = follow
    goToEnd()
  }
  const total = index.total
  const top = current.atEnd ? Math.max(0, total - current.height) : current.top
  const shown = windowAt(index, top, current.height, margin)

  useLayoutEffect(() => {
    const [box, rows] = [scroller.current, list.current]
    if (!box || !rows) return
    const measured = Array.from(rows.children, (child) => child.getBoundingClientRect().height)
    const before = index.total
    const shift = measure(index, shown.first, measured, index.indexAt(top))
    const changed = index.total !== before || shift !== 0
    if (changed && box.firstElementChild instanceof HTMLElement) {
      box.firstElementChild.style.height = `${index.total}px`
      rows.style.transform = `translateY(${index.offset(shown.first)}px)`
    }
    const scrolledAway = current.atEnd && hasLeftEnd(box, current.placed)
    if (scrolledAway) {
      current.atEnd = false
      current.top = box.scrollTop
    } else if (current.atEnd) box.scrollTop = box.scrollHeight
    else if (shift !== 0) box.scrollTop = current.top += shift
    current.placed = box.scrollTop
    if (changed || scrolledAway) redraw(null)
  })

  useEffect(() => onShow(shown), [shown.first, shown.last, version])

  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    const observer = new ResizeObserver(() => {
      if (box.clientWidth !== current.width) index.forget()
      current.width = box.clientWidth
      current.height = box.clientHeight
      redraw(null)
    })
    observer.observe(box)
    return () => observer.disconnect()
  }, [])

  useLayoutEffect(() => {
    if (!target) return
    current.atEnd = false
    current.top = Math.max(0, index.offset(target.index) - current.height / 3)
    if (scroller.current) scroller.current.scrollTop = current.top
    redraw(null)
  }, [target])

  const onScroll = () => {
    const box = scroller.current
    if (!box) return
    current.top = current.placed = box.scrollTop
    current.atEnd = isAtEnd(box)
    redraw(null)
  }
  const toEnd = () => {
    goToEnd()
    redraw(null)
    scroller.current?.focus()
  }

  const rows: ComponentChildren[] = []
  for (let each = shown.first; each <= shown.last; each++) rows.push(row(each))
  return (
    <div class="virtual-list">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section ref={scroller} class="scroller" tabIndex={0} aria-label={label} onScroll={onScroll}>
        <div class="extent" style={{ height: `${total}px` }}>
          <ul ref={list} style={{ transform: `translateY(${index.offset(shown.first)}px)` }}>
            {rows}
          </ul>
        </div>
      </section>
      {!current.atEnd && (
        <button type="button" class="to-end" aria-label="To the newest message" onClick={toEnd}>
          <Icon name="down" />
        </button>
      )}
    </div>
  )
}
