import { usageFailure } from './failure.ts'

/**
 * Holds what cannot be undone until it is confirmed.
 * @throws CliFailure with what would come of it, where `--yes` was not given.
 */
export function requireYes({ yes = false }: { yes?: boolean }, consequence: string): void {
  if (!yes) throw usageFailure('Nothing was done yet.', consequence, 'Give --yes if you mean it.')
}
