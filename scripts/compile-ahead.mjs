// Loads everything the product is made of, so that Node compiles it once and keeps the result: the first start is then
// as quick, and takes as little memory, as all others. Run with NODE_COMPILE_CACHE set as bin/sallyport sets it.
import { globSync } from 'node:fs'

const root = new URL('../', import.meta.url)
const MAIN = 'src/cli/main.ts'

const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !/(\.test|-fixtures|cli\/main)\.ts$/.test(file))
for (const file of files) await import(new URL(file, root))
process.argv[2] = '--version'
await import(new URL(MAIN, root))
