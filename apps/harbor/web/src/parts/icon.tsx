const paths = {
  anchor: 'M12 7v14M5 13c0 5 3.5 8 7 8s7-3 7-8M9 10h6M12 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  back: 'M15 5l-7 7 7 7',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M20 20l-4-4',
  attach:
    'M19 11l-7.5 7.5a4.6 4.6 0 0 1-6.500-6.500L13 4a3 3 0 0 1 4.300 4.300l-8 8a1.500 1.500 0 0 1-2.200-2.200L14 7.300',
  send: 'M4 12l16-8-5 16-3.500-6.500zM11.500 13.500L20 4',
  down: 'M6 9l6 6 6-6',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  exit: 'M14 4H6v16h8M11 12h10M17 8l4 4-4 4',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  system: 'M4 5h16v11H4zM9 20h6',
  light:
    'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.400 1.400M17.600 17.600L19 19M19 5l-1.400 1.400M6.400 17.600L5 19',
  dark: 'M20 14a8 8 0 0 1-10-10 8 8 0 1 0 10 10',
  leave: 'M10 4H4v16h6M20 12H9M16 8l4 4-4 4',
  people:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6M18 14.500c2.200.800 3.500 2.700 3.500 5.500',
} as const

export type IconName = keyof typeof paths

export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
)
