/** Hears of what went wrong beside requests. */
export interface ErrorLog {
  error(details: object, message: string): void
}
