// PostgreSQL, as rows by position. Statements are prepared once on each connection, as asyncpg does it.

import pg from 'pg'

const BIGINT = 20
const CONNECTIONS = 10

// Minor units and counts stay far below 2 ** 53.
pg.types.setTypeParser(BIGINT, Number)

export class Database {
  #names = new Map()

  constructor (url) {
    this.pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, idleTimeoutMillis: 0 })
  }

  /** The rows of a statement, which is the same text whenever it means the same. */
  async rows (text, values) {
    const { rows } = await this.pool.query({ name: this.#nameOf(text), text, values, rowMode: 'array' })
    return rows
  }

  #nameOf (text) {
    let name = this.#names.get(text)
    if (!name) this.#names.set(text, name = `s${this.#names.size}`)
    return name
  }
}
