import type { Command } from 'commander'
import { excerpt } from '../../config/printable.ts'
import { usageFailure } from '../terminal/failure.ts'
import { bashScript } from './bash.ts'
import { fishScript } from './fish.ts'
import { type Place, placesIn } from './tree.ts'
import { zshScript } from './zsh.ts'

const shells: ReadonlyMap<string, (places: readonly Place[]) => string> = new Map([
  ['bash', bashScript],
  ['zsh', zshScript],
  ['fish', fishScript],
])

/** A script that has this shell complete all that a tree of commands takes. @throws CliFailure for another shell. */
export function completionScript(shell: string, program: Command): string {
  const write = shells.get(shell)
  if (write) return write(placesIn(program))
  throw usageFailure(
    `There is no completion for ${excerpt(shell)}.`,
    `There is one for ${[...shells.keys()].join(', ')}.`,
    'For example: sallyport completion bash',
  )
}
