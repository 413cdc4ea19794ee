/** Hears of what went wrong, or looks like it, beside requests. */
export interface ErrorLog {
  error(details: object, message: string): void
  warn(details: object, message: string): void
}
