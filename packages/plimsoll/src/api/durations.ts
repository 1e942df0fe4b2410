export { parseDuration as parseDurationText } from '../plan/duration.ts'
