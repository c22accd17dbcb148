// The ledger asked for many parents at once: lists in, aligned lists out, one statement each.

import * as records from './records.js'
import { ACCOUNTS, ENROLMENTS, INSTALMENTS, INVOICES, LINES, NOTICES, PLANS, STANDING } from './statements.js'

const FIRST = 20
// Where the columns stand that lists are sorted by.
const ISSUED = 7
const DUE = 2
const AGREED = 5

/** Rows by their first column. */
function byFirst (rows) {
  const grouped = new Map()
  for (const row of rows) {
    const found = grouped.get(row[0])
    if (found) found.push(row)
    else grouped.set(row[0], [row])
  }
  return grouped
}

/** The part of a list that rows tell of: one more than asked for says that there is more. */
function partOf (rows, first, make, place) {
  const listed = rows.filter(row => row[1] !== null)
  const shown = listed.slice(0, first)
  const endCursor = shown.length ? records.cursorOf(place(shown.at(-1))) : null
  return { nodes: shown.map(make), pageInfo: { hasNextPage: listed.length > first, endCursor } }
}

export class Office {
  #database

  constructor (database) {
    this.#database = database
  }

  async #answers (text, book, keys, make) {
    const found = byFirst(await this.#database.rows(text, [book, keys]))
    return keys.map(key => found.has(key) ? make(found.get(key)) : null)
  }

  /** The rows of each parent; a left join tells of none by a row of nulls. */
  #several (text, book, keys, make) {
    return this.#answers(text, book, keys, rows => rows.filter(row => row[1] !== null).map(make))
  }

  accounts (book, keys) {
    return this.#answers(ACCOUNTS, book, keys, rows => new records.Account(rows[0]))
  }

  balances (book, accounts, today) {
    return this.#answers(STANDING, book, accounts, rows => records.balanceOf(rows, today))
  }

  enrolments (book, accounts) {
    return this.#answers(ENROLMENTS, book, accounts, records.enrolmentsOf)
  }

  lines (book, invoices) {
    return this.#several(LINES, book, invoices, records.lineOf)
  }

  instalments (book, plans) {
    return this.#several(INSTALMENTS, book, plans, records.instalmentOf)
  }

  invoices (book, accounts, { first = FIRST, after, order = 'ISSUED_ON_DESC' }, today) {
    const make = row => new records.Invoice(row, today)
    const column = order.startsWith('DUE') ? DUE : ISSUED
    return this.#pages(INVOICES[order], book, accounts, { first, after, make, place: row => [row[column], row[1]] })
  }

  paymentPlans (book, accounts, { first = FIRST }) {
    const make = row => new records.PaymentPlan(row)
    return this.#pages(PLANS.AGREED_ON_DESC, book, accounts, { first, make, place: row => [row[AGREED], row[1]] })
  }

  async #pages (statements, book, accounts, { first, after, make, place }) {
    const one = accounts.length === 1
    const text = statements[`${one ? 'one' : 'several'}${after ? 'After' : ''}`]
    const start = after ? records.placeOf(after) : []
    const rows = await this.#database.rows(text, [book, one ? accounts[0] : accounts, ...start, first + 1])
    const found = byFirst(rows)
    return accounts.map(account => found.has(account) ? partOf(found.get(account), first, make, place) : null)
  }

  /** What a person may see now, newest first. */
  async notices (links, now, first = FIRST) {
    const rows = await this.#database.rows(NOTICES, [links[0].book, links.map(link => link.key), now, now, first + 1])
    const mine = new Set(links.flatMap(({ key, role }) => [' ', ` ${role}`, `${key} `, `${key} ${role}`]))
    const seen = new Map(rows.filter(row => mine.has(`${row[0]} ${row[1]}`)).map(row => [row[2], row]))
    const listed = [...seen.values()].sort(newer)
    return { nodes: listed.slice(0, first).map(records.noticeOf) }
  }
}

const newer = (one, other) => one[6] < other[6] || (one[6] === other[6] && one[2] < other[2]) ? 1 : -1
