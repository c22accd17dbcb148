// PostGraphile by its usual preset, over views of the ledger: its own schema, its own documents of equal shape.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

import pg from 'pg'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'

import { Door } from '../ledger/actor.js'
import { Database } from '../ledger/database.js'

const connectionString = process.env.DATABASE_URL
const door = new Door(new Database(connectionString))

const setup = new pg.Client({ connectionString })
await setup.connect()
await setup.query(`BEGIN; ${readFileSync(new URL('views.sql', import.meta.url), 'utf8')}; COMMIT`)
await setup.end()

/** Who asks, as settings of the transaction that the views read. */
async function pgSettingsOf (headers) {
  const actor = await door.identify(headers)
  return {
    'bench.manager': actor?.manager ?? '',
    'bench.person': actor?.person ?? '',
    'bench.today': actor?.today ?? '',
    'bench.now': actor?.now ?? ''
  }
}

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString, schemas: ['bench_postgraphile'] })],
  schema: { defaultBehavior: '-insert -update -delete +list' },
  grafast: {
    context: async ({ node }) => ({ pgSettings: await pgSettingsOf(node.req.headers) })
  },
  grafserv: { graphiql: false, watch: false }
}

const service = postgraphile(preset).createServ(grafserv)
const server = createServer()
await service.addTo(server)
server.listen(Number(process.env.PORT), '127.0.0.1')
