// A REST office in front of the ledger, as gateways find one: a resource for each noun, the token checked at each call.

import Fastify from 'fastify'

import { Door } from '../ledger/actor.js'
import { Database } from '../ledger/database.js'
import { Office } from '../ledger/office.js'
import { keyOf } from '../ledger/records.js'

const database = new Database(process.env.DATABASE_URL)
const door = new Door(database)
const office = new Office(database)
const app = Fastify()

class Refusal extends Error {
  constructor (statusCode, message) {
    super(message)
    this.statusCode = statusCode
  }
}

app.decorateRequest('actor', null)
app.addHook('onRequest', async request => {
  const { authorization, host } = request.headers
  request.actor = await door.identify({ authorization, host: request.headers['x-forwarded-host'] ?? host })
  if (!request.actor) throw new Refusal(401, 'Send the bearer token of a session that still holds.')
})

/** The book and key of the account that a request names, if it is within reach. */
function reached ({ actor, params }) {
  const key = keyOf(params.account)
  const link = actor.links.find(link => link.key === key)
  if (!link) throw new Refusal(404, 'There is no such account.')
  return [link.book, [key]]
}

// What loaders know by its key alone is told whole here.
const plain = node => ({ ...node })

/** Each node with what `ask` tells of it, under `name`. */
async function filled (page, name, ask) {
  const found = await ask(page.nodes.map(node => node.key))
  return { ...page, nodes: page.nodes.map((node, at) => ({ ...node, [name]: found[at] })) }
}

app.get('/viewer', async ({ actor }) => ({ name: actor.name }))

app.get('/notices', async ({ actor, query }) => office.notices(actor.links, actor.now, number(query.first)))

app.get('/accounts', async ({ actor, query }) => {
  const links = actor.links.slice(0, number(query.first) ?? 20)
  const keys = links.map(link => link.key)
  return { nodes: keys.length ? (await office.accounts(links[0].book, keys)).map(plain) : [] }
})

app.get('/accounts/:account/balance', async request => {
  const [balance] = await office.balances(...reached(request), request.actor.today)
  return balance
})

app.get('/accounts/:account/enrolments', async request => {
  const [enrolments] = await office.enrolments(...reached(request))
  return enrolments
})

app.get('/accounts/:account/invoices', async request => {
  const [book, accounts] = reached(request)
  const { first, after, order, expand } = request.query
  const [page] = await office.invoices(book, accounts, { first: number(first), after, order }, request.actor.today)
  if (expand === 'lines') return filled(page, 'lines', keys => office.lines(book, keys))
  return { ...page, nodes: page.nodes.map(plain) }
})

app.get('/accounts/:account/payment-plans', async request => {
  const [book, accounts] = reached(request)
  const [page] = await office.paymentPlans(book, accounts, { first: number(request.query.first) })
  return filled(page, 'instalments', keys => office.instalments(book, keys))
})

const number = text => text === undefined ? undefined : Number(text)

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
