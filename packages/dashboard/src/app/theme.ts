import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'

export type Theme = 'light' | 'dark'

const KEY = 'plimsoll-theme'
const systemDark = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)')

/** The theme in force: what canvases are drawn for. */
export const ThemeContext = createContext<Theme>('light')
export const useTheme = (): Theme => useContext(ThemeContext)

/** Follows the system until the reader chooses; her choice is kept where the browser allows it. Paper is light. */
export function useThemeChoice(): readonly [Theme, (theme: Theme) => void] {
  const [chosen, setChosen] = useState(storedTheme)
  const [system, setSystem] = useState<Theme>(() => (systemDark().matches ? 'dark' : 'light'))
  const [printing, setPrinting] = useState(false)
  const theme = printing ? 'light' : (chosen ?? system)

  useEffect(() => {
    const query = systemDark()
    const follow = (): unknown => setSystem(query.matches ? 'dark' : 'light')
    const [print, printed] = [() => setPrinting(true), () => setPrinting(false)]
    query.addEventListener('change', follow)
    addEventListener('beforeprint', print)
    addEventListener('afterprint', printed)
    return () => {
      query.removeEventListener('change', follow)
      removeEventListener('beforeprint', print)
      removeEventListener('afterprint', printed)
    }
  }, [])
  // Set while rendering and not in an effect, so that charts which read computed colours see the new ones.
  document.documentElement.dataset['theme'] = theme

  const choose = (next: Theme): void => {
    setChosen(next)
    try {
      localStorage.setItem(KEY, next)
    } catch {
      // A page opened from disk may have no storage; the choice then lasts as long as the page.
    }
  }
  return [theme, choose]
}

function storedTheme(): Theme | undefined {
  try {
    const stored = localStorage.getItem(KEY)
    return stored === 'light' || stored === 'dark' ? stored : undefined
  } catch {
    return undefined
  }
}
