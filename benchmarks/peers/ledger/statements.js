// What is asked of PostgreSQL: the statements that the window sends for these documents, with the same columns. Each
// takes the book first.

export const WHO = `
SELECT manager.slug, manager.version, person.id, person.email, person.given_name, person.family_name,
       session.id, session.seen_at,
       account_link.id, account_link.office, account_link.account_key, account_link.number, account_link.role,
       account_link.is_default
FROM host
JOIN manager ON manager.slug = host.manager
LEFT JOIN session ON session.manager = host.manager AND session.token_hash = $3
     AND session.idle_at > $4 AND session.expires_at > $4
LEFT JOIN person ON person.id = session.person_id AND person.manager = session.manager AND person.disabled_at IS NULL
LEFT JOIN account_link ON account_link.person_id = person.id AND account_link.manager = person.manager
WHERE host.name = COALESCE((SELECT name FROM host WHERE name = $1), $2)
ORDER BY account_link.id`

export const MANAGER = 'SELECT body FROM manager WHERE slug = $1 AND version = $2'

export const ACCOUNTS = `SELECT a.key,
    a.key, a.number, a.licence, a.status, a.title, a.currency, a.opened_on, a.closed_on,
    h.key, h.name, h.kind, h.document_type, h.document_number, h.email, h.phone,
    u.key, u.label, u.kind, u.area_m2, u.building_key,
    p.key, p.name, p.street_lines, p.locality, p.region, p.postal_code, p.country, p.latitude, p.longitude
    FROM account a
    JOIN party h ON h.book = a.book AND h.key = a.holder_key
    LEFT JOIN unit u ON u.book = a.book AND u.key = a.unit_key
    LEFT JOIN place p ON p.book = a.book AND p.key = a.place_key
    WHERE a.book = $1 AND a.key = ANY($2::text[])`

export const STANDING = `
    SELECT account_key, kind, status, key, due_on, later_minor, total_minor, paid_minor, currency FROM invoice
    WHERE book = $1 AND account_key = ANY($2::text[]) AND status IN ('ISSUED', 'PARTIALLY_PAID', 'IN_PLAN')
    UNION ALL
    SELECT account_key, 'PAYMENT', status, key, '', NULL, unallocated_minor, 0, currency FROM payment
    WHERE book = $1 AND account_key = ANY($2::text[]) AND status IN ('CONFIRMED', 'SETTLED') AND unallocated_minor > 0
    UNION ALL
    SELECT key, 'ACCOUNT', status, key, '', NULL, stated_minor, 0, currency FROM account
    WHERE book = $1 AND key = ANY($2::text[])
    ORDER BY due_on, key`

export const ENROLMENTS = `SELECT a.key, e.kind, e.active, e.since, e.cancelled_at, e.channel FROM account a
    LEFT JOIN enrolment e ON e.book = a.book AND e.account_key = a.key WHERE a.book = $1 AND a.key = ANY($2::text[])`

export const LINES = `SELECT i.key, part.position, part.description, part.amount_minor, part.currency, part.quantity
    FROM invoice i LEFT JOIN invoice_line part ON part.book = i.book AND part.invoice_key = i.key
    WHERE i.book = $1 AND i.key = ANY($2::text[]) AND i.status <> 'DRAFT' ORDER BY part.position`

export const INSTALMENTS = `SELECT p.key, part.key, part.account_key, part.plan_key, part.position, part.due_on,
    part.amount_minor, part.currency, part.status
    FROM payment_plan p LEFT JOIN instalment part ON part.book = p.book AND part.plan_key = p.key
    WHERE p.book = $1 AND p.key = ANY($2::text[]) ORDER BY part.position`

export const NOTICES = `WITH place AS (
        SELECT a.key AS account, u.building_key AS building, b.community_key AS community FROM account a
        LEFT JOIN unit u ON u.book = a.book AND u.key = a.unit_key
        LEFT JOIN building b ON b.book = u.book AND b.key = u.building_key
        WHERE a.book = $1 AND a.key = ANY($2::text[])
    ), scope AS (
        SELECT account, 'ACCOUNT' AS kind, account AS key FROM place
        UNION ALL SELECT account, 'BUILDING', building FROM place WHERE building IS NOT NULL
        UNION ALL SELECT account, 'COMMUNITY', community FROM place WHERE community IS NOT NULL
        UNION ALL SELECT '', 'EVERYBODY', ''
    ), seen AS (
        SELECT s.account, m.role, n.key, n.title, n.body, c.name AS community_name, n.published_from, n.visible_until
        FROM scope s
        CROSS JOIN notice_audience m
        JOIN notice n ON n.book = m.book AND n.key = m.notice_key
        LEFT JOIN community c ON c.book = n.book AND c.key = n.community_key
        WHERE m.book = $1 AND m.scope = s.kind AND m.scope_key = s.key
    ) SELECT account, role, key, title, body, community_name, published_from, visible_until FROM (
        SELECT account, role, key, title, body, community_name, published_from, visible_until,
        ROW_NUMBER() OVER (PARTITION BY account, role ORDER BY published_from DESC, key DESC) AS place FROM seen
        WHERE published_from <= $3 AND (visible_until IS NULL OR visible_until > $4)) ranked
    WHERE place <= $5 ORDER BY published_from DESC, key DESC`

const INVOICE = {
  table: 'invoice',
  columns: [
    'key', 'due_on', 'account_key', 'number', 'status', 'title', 'issued_on', 'total_minor', 'currency', 'later_minor',
    'paid_minor'
  ],
  listed: "status <> 'DRAFT'",
  orders: { ISSUED_ON: 'issued_on', DUE_ON: 'due_on' }
}
const PLAN = {
  table: 'payment_plan',
  columns: ['key', 'account_key', 'number', 'status', 'agreed_on'],
  listed: '1 = 1',
  orders: { AGREED_ON: 'agreed_on' }
}

/** Order, such as ISSUED_ON_DESC → the statements of its pages: [from the start, after a place] × [one, several]. */
function pagesOf (kind) {
  const orders = Object.entries(kind.orders).flatMap(([name, field]) =>
    ['ASC', 'DESC'].map(direction => [`${name}_${direction}`, { field, direction }]))
  return Object.fromEntries(orders.map(([order, sort]) => [order, {
    field: sort.field,
    one: page(kind, sort, true, false),
    oneAfter: page(kind, sort, true, true),
    several: page(kind, sort, false, false),
    severalAfter: page(kind, sort, false, true)
  }]))
}

/** Arguments: book, account or accounts, with `after` its sort value and key, and how many rows at most. */
function page ({ table, columns, listed }, { field, direction }, one, after) {
  const accounts = one ? '= $2' : '= ANY($2::text[])'
  const listedColumns = columns.join(', ')
  const sorting = `${field} ${direction}, key ${direction}`
  const place = after ? ` AND (${field}, key) ${direction === 'ASC' ? '>' : '<'} ($3, $4)` : ''
  const limit = after ? '$5' : '$3'
  const source = `${table} WHERE book = $1 AND account_key ${accounts} AND ${listed}${place}`
  const rows = one
    ? `SELECT account_key AS parent, ${listedColumns} FROM ${source} ORDER BY ${sorting} LIMIT ${limit}`
    : `SELECT account_key AS parent, ${listedColumns} FROM (SELECT ${listedColumns}, ROW_NUMBER() OVER
      (PARTITION BY account_key ORDER BY ${sorting}) AS place FROM ${source}) ranked WHERE place <= ${limit}`
  const nothing = columns.map(() => 'NULL').join(', ')
  return `SELECT * FROM (${rows}) part UNION ALL
    SELECT key, ${nothing} FROM account WHERE book = $1 AND key ${accounts} ORDER BY ${sorting}`
}

export const INVOICES = pagesOf(INVOICE)
export const PLANS = pagesOf(PLAN)
