// Rows as what clients are told. Ids and cursors are base64, without the window's keys.

import { money } from './money.js'

const OPEN = new Set(['ISSUED', 'PARTIALLY_PAID', 'IN_PLAN'])
const OVERDUE = new Set(['ISSUED', 'PARTIALLY_PAID'])
const KINDS = ['E_INVOICE', 'DIRECT_DEBIT']

export const idOf = (type, key) => Buffer.from(`${type}:${key}`).toString('base64url')
export const keyOf = id => Buffer.from(id, 'base64url').toString().replace(/^\w+:/, '')
export const cursorOf = place => Buffer.from(JSON.stringify(place)).toString('base64url')
export const placeOf = cursor => JSON.parse(Buffer.from(cursor, 'base64url').toString())

/** What has a key and can be asked for more; loaders know it by its key, without reading the rest. */
class Keyed {
  constructor (type, key) {
    this.id = idOf(type, key)
    this.key = key
  }

  toJSON () {
    return this.key
  }
}

export class Account extends Keyed {
  constructor (row) {
    super('Account', row[1])
    this.number = row[2]
    this.status = row[4]
    this.title = row[5]
  }
}

export class Invoice extends Keyed {
  constructor (row, today) {
    const [, key, dueOn, , number, status, title, issuedOn, total, currency, later, paid] = row
    super('Invoice', key)
    this.number = number
    this.status = status
    this.title = title
    this.issuedOn = issuedOn
    this.dueOn = dueOn
    this.total = money(total, currency)
    this.open = money(openMinor(status, dueOn, later, total, paid, today), currency)
  }
}

export class PaymentPlan extends Keyed {
  constructor (row) {
    super('PaymentPlan', row[1])
    this.number = row[3]
    this.status = row[4]
  }
}

export const lineOf = ([, position, description, minor, currency, quantity]) =>
  ({ position, description, quantity, amount: money(minor, currency) })

export const instalmentOf = ([, , , , position, dueOn, minor, currency, status]) =>
  ({ position, dueOn, status, amount: money(minor, currency) })

export const noticeOf = ([, , key, title, , , publishedFrom]) =>
  ({ id: idOf('Notice', key), title, publishedFrom: publishedFrom.replace('.000000', '') })

/** One of each kind, whether or not the book tells of it. */
export function enrolmentsOf (rows) {
  const told = new Map(rows.map(([, kind, active, since]) => [kind, { kind, active: active === 1, since }]))
  return KINDS.map(kind => told.get(kind) ?? { kind, active: false, since: null })
}

/** What settles an invoice today, in minor units. */
function openMinor (status, dueOn, later, total, paid, today) {
  if (!OPEN.has(status)) return 0
  return Math.max(0, (later !== null && dueOn < today ? later : total) - paid)
}

/** An account's balance from the rows of STANDING. */
export function balanceOf (rows, today) {
  const currency = rows[0][8]
  let stated = null
  let owed = 0
  let documentCount = 0
  for (const [, kind, status, , dueOn, later, total, paid] of rows) {
    if (kind === 'ACCOUNT') stated = total
    else if (kind === 'PAYMENT') owed -= total
    else if (kind === 'CREDIT_NOTE') owed -= openMinor(status, dueOn, later, total, paid, today)
    else {
      owed += openMinor(status, dueOn, later, total, paid, today)
      if (OVERDUE.has(status) && dueOn < today) documentCount += 1
    }
  }
  const minor = stated ?? owed
  const side = minor === 0 ? 'SETTLED' : minor > 0 ? 'DEBT' : 'CREDIT'
  return { amount: money(minor, currency), side, overdue: { documentCount } }
}
