import type { Settings } from '../../config/settings.ts'
import type { Io } from '../terminal/io.ts'
import { checkDataDirectory, checkDisk, checkFileModes } from './files.ts'
import { type Finding, ok, warn } from './findings.ts'
import { examineInstallation } from './installation.ts'
import { checkCertificate, checkMail, checkOpsPort, checkPort } from './serving.ts'

const NODE_MAJOR = 26

/**
 * Looks at everything that a server needs: its files, the database, the keys, the audit trail, mail, ports, upstreams.
 * It may run beside a server, and changes nothing, apart from bringing the schema of the database up to date as every
 * local command does.
 */
export async function examineServer(io: Io, settings: Settings): Promise<Finding[]> {
  const data = checkDataDirectory(settings)
  return [
    checkNode(process.version),
    data,
    ...(data.outcome === 'fail' ? [] : [checkFileModes(settings), checkDisk(settings)]),
    checkCertificate(settings, io.nowMs()),
    await checkPort(settings),
    await checkOpsPort(settings),
    await checkMail(settings),
    ...(data.outcome === 'fail' ? [] : await examineInstallation(io, settings)),
  ]
}

function checkNode(version: string): Finding {
  if (version.startsWith(`v${NODE_MAJOR}.`)) return ok('node', `Node ${version}.`)
  return warn(
    'node',
    `This is Node ${version}.`,
    `Sallyport is made for Node ${NODE_MAJOR}: start it with bin/sallyport.`,
  )
}
