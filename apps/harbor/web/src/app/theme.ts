import { Value } from '../state/value.ts'

export type Theme = 'system' | 'light' | 'dark'

const key = 'harbor-theme'
const stored = localStorage.getItem(key)

export const theme = new Value<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system')

/** Sets what is in force now, and with every later choice. */
export function applyTheme(): void {
  const apply = (chosen: Theme) => {
    if (chosen === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = chosen
  }
  apply(theme.current)
  theme.watch((chosen) => {
    apply(chosen)
    localStorage.setItem(key, chosen)
  })
}

/** From what the system says to its opposite, to the other, and back. */
export const nextTheme: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }
