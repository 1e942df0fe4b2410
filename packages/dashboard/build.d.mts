/** The report's page as one HTML text, with `<!--plimsoll-data-->` where the writer puts the run. */
export function buildTemplate(): Promise<string>
