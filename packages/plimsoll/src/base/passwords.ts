/** The text with a `…` for each password in a URL: `redis://:…@host`. */
export const hidePasswords = (text: string): string =>
  text.replace(/(:\/\/[^\s:@/'"`]*):[^\s@/'"`]+@/g, (_, before: string) => `${before}:…@`)
