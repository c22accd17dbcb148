// mercurius with graphql-jit: the documents as they are, the schema's names, loaders for what hangs on records.

import { readFileSync } from 'node:fs'

import Fastify from 'fastify'
import mercurius from 'mercurius'

import { Door } from '../ledger/actor.js'
import { Database } from '../ledger/database.js'
import { Office } from '../ledger/office.js'

const database = new Database(process.env.DATABASE_URL)
const door = new Door(database)
const office = new Office(database)

/** A loader of what each account or record has; those of one batch stand in one book and are asked for alike. */
const each = ask => async (queries, { actor }) => {
  const { book } = actor.links[0]
  return ask(book, queries.map(query => query.obj.key), queries[0].params, actor)
}

const resolvers = {
  Query: { viewer: (_root, _args, { actor }) => actor },
  Viewer: {
    accounts: async ({ links }, { first = 20 }) => {
      const keys = links.slice(0, first).map(link => link.key)
      return { nodes: keys.length ? await office.accounts(links[0].book, keys) : [] }
    },
    notices: ({ links, now }, { first }) => office.notices(links, now, first)
  }
}

const loaders = {
  Account: {
    balance: each((book, keys, _params, { today }) => office.balances(book, keys, today)),
    enrolments: each((book, keys) => office.enrolments(book, keys)),
    invoices: each((book, keys, params, { today }) => office.invoices(book, keys, params, today)),
    paymentPlans: each((book, keys, params) => office.paymentPlans(book, keys, params))
  },
  Invoice: { lines: each((book, keys) => office.lines(book, keys)) },
  PaymentPlan: { instalments: each((book, keys) => office.instalments(book, keys)) }
}

const app = Fastify()
app.register(mercurius, {
  schema: readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  loaders,
  jit: 1,
  context: async ({ headers }) => ({ actor: await door.identify(headers) })
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
