// Who is asking, at which manager: one statement at each request.

import { hash } from 'node:crypto'

import { MANAGER, WHO } from './statements.js'

const BEARER = 'Bearer '

/** A moment as the tables keep it: text order is time order. */
export const stamp = moment => `${moment.toISOString().slice(0, -1)}000+00:00`

export class Door {
  #database
  #managers = new Map()

  constructor (database) {
    this.#database = database
  }

  /** Who asks with these headers, and today's date where they are at home; null for nobody. */
  async identify ({ host, authorization }) {
    const now = new Date()
    const digest = authorization?.startsWith(BEARER) ? hash('sha256', authorization.slice(BEARER.length)) : ''
    const rows = await this.#database.rows(WHO, [host, host.replace(/:\d+$/, ''), digest, stamp(now)])
    if (!rows.length || rows[0][2] === null) return null
    const [slug, version, person, , given, family] = rows[0]
    const days = this.#managers.get(`${slug} ${version}`) ?? await this.#managerDays(slug, version)
    return {
      manager: slug,
      person,
      name: `${given} ${family}`,
      now: stamp(now),
      today: days.format(now),
      links: rows.filter(row => row[8] !== null).map(row => linkOf(slug, row))
    }
  }

  async #managerDays (slug, version) {
    const [[body]] = await this.#database.rows(MANAGER, [slug, version])
    // Swedish dates are ISO dates.
    const days = new Intl.DateTimeFormat('sv-SE', { timeZone: JSON.parse(body).time_zone })
    this.#managers.set(`${slug} ${version}`, days)
    return days
  }
}

/** An account within reach: the ledger's book it stands in, its key there, and the person's role. */
function linkOf (manager, row) {
  const [office, key, , role] = row.slice(9)
  return { book: `${manager}/${office}`, key, role }
}
