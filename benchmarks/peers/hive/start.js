// The gateway and the REST office in front of which it stands, as two processes below this one. CPU of the gateway is
// told alone and with the office's.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const OFFICE_ABOVE = 50

function start (file, environment) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc']
  })
  child.on('exit', () => process.exit(1))
  return child
}

// Both end when their channel to this process does.
process.on('SIGTERM', () => process.exit(0))
process.on('SIGINT', () => process.exit(0))
const port = Number(process.env.PORT) + OFFICE_ABOVE
await once(start('upstream.js', { PORT: String(port) }), 'message')
start('server.js', { UPSTREAM_URL: `http://127.0.0.1:${port}` })
