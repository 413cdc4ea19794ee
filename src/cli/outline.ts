import { type Place, placesIn } from './completion/tree.ts'
import { makeProgram } from './program.ts'
import { processIo } from './terminal/io.ts'

/** Every command with its options, for whoever compares them with what is written about them. */
export const outlineCommands = async (): Promise<Place[]> => placesIn(await makeProgram(processIo(), () => true))
