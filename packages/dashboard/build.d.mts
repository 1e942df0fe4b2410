/** The report's page as one HTML text, with `<!--plimsoll-data-->` where the writer puts the run. */
export function buildTemplate(): Promise<string>

/** The app around another entry (an absolute path to a `.tsx` file), as one HTML text under the same policy. */
export function buildPage(entry: string): Promise<string>
