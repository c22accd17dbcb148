-- The ledger as PostGraphile is to see it: views in a schema of their own, since the tables have no foreign keys and
-- hold what is nobody's business. Who asks stands in the settings of the transaction. Nothing of the tables is changed.

DROP SCHEMA IF EXISTS bench_postgraphile CASCADE;
CREATE SCHEMA bench_postgraphile;
SET LOCAL search_path TO bench_postgraphile, public;

CREATE TYPE money AS (amount text, currency text);
CREATE TYPE overdue AS (document_count integer);

-- Functions of one SELECT are written into the query that calls them.
CREATE FUNCTION major(minor bigint, currency text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV',
      'XAF', 'XOF', 'XPF') THEN minor::text
    WHEN currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN (minor / 1000.0)::numeric(20, 3)::text
    WHEN currency IN ('CLF', 'UYW') THEN (minor / 10000.0)::numeric(20, 4)::text
    ELSE (minor / 100.0)::numeric(20, 2)::text
  END
$$;
CREATE FUNCTION open_minor(status text, due_on text, later bigint, total bigint, paid bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN status IN ('ISSUED', 'PARTIALLY_PAID', 'IN_PLAN') THEN greatest(0, CASE
    WHEN later IS NOT NULL AND due_on < current_setting('bench.today') THEN later ELSE total END - paid)
  ELSE 0 END
$$;
COMMENT ON FUNCTION major IS '@behavior -*';
COMMENT ON FUNCTION open_minor IS '@behavior -*';

CREATE VIEW viewer AS
  SELECT id, given_name || ' ' || family_name AS name FROM person
  WHERE manager = current_setting('bench.manager') AND id = current_setting('bench.person');
COMMENT ON VIEW viewer IS '@primaryKey id';
CREATE FUNCTION current_viewer() RETURNS viewer LANGUAGE sql STABLE AS 'SELECT * FROM bench_postgraphile.viewer';

CREATE VIEW account AS
  SELECT l.person_id, l.id AS link, a.book, a.key, a.number, a.title, a.status
  FROM account_link l
  JOIN public.account a ON a.book = l.manager || '/' || l.office AND a.key = l.account_key
  WHERE l.manager = current_setting('bench.manager') AND l.person_id = current_setting('bench.person');
COMMENT ON VIEW account IS E'@primaryKey book,key\n@foreignKey (person_id) references viewer (id)|@foreignFieldName accounts';

CREATE VIEW balance AS
  SELECT a.book, a.key AS account_key, ROW(major(m.minor, a.currency), a.currency)::bench_postgraphile.money AS amount,
    CASE sign(m.minor) WHEN 0 THEN 'SETTLED' WHEN 1 THEN 'DEBT' ELSE 'CREDIT' END AS side,
    ROW(d.documents)::overdue AS overdue
  FROM public.account a
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(CASE kind WHEN 'CREDIT_NOTE' THEN -1 ELSE 1 END
        * open_minor(status, due_on, later_minor, total_minor, paid_minor)), 0) AS owed,
      count(*) FILTER (WHERE kind <> 'CREDIT_NOTE' AND status IN ('ISSUED', 'PARTIALLY_PAID')
        AND due_on < current_setting('bench.today'))::integer AS documents
    FROM public.invoice
    WHERE book = a.book AND account_key = a.key AND status IN ('ISSUED', 'PARTIALLY_PAID', 'IN_PLAN')
  ) d
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(unallocated_minor), 0) AS minor FROM payment
    WHERE book = a.book AND account_key = a.key AND status IN ('CONFIRMED', 'SETTLED') AND unallocated_minor > 0
  ) p
  CROSS JOIN LATERAL (SELECT coalesce(a.stated_minor, d.owed - p.minor)::bigint AS minor) m;
COMMENT ON VIEW balance IS
  E'@primaryKey book,account_key\n@foreignKey (book,account_key) references account (book,key)|@foreignSingleFieldName balance';

CREATE VIEW invoice AS
  SELECT book, key, account_key, number, title, status, issued_on, due_on,
    ROW(major(total_minor, currency), currency)::bench_postgraphile.money AS total,
    ROW(major(open_minor(status, due_on, later_minor, total_minor, paid_minor), currency), currency)::bench_postgraphile.money AS open
  FROM public.invoice WHERE status <> 'DRAFT';
COMMENT ON VIEW invoice IS
  E'@primaryKey book,key\n@foreignKey (book,account_key) references account (book,key)|@foreignFieldName invoices';

CREATE VIEW invoice_line AS
  SELECT book, invoice_key, position::integer, description, quantity,
    ROW(major(amount_minor, currency), currency)::bench_postgraphile.money AS amount
  FROM public.invoice_line;
COMMENT ON VIEW invoice_line IS
  E'@primaryKey book,invoice_key,position\n@foreignKey (book,invoice_key) references invoice (book,key)|@foreignSimpleFieldName lines';

CREATE VIEW payment_plan AS
  SELECT book, key, account_key, number, status, agreed_on FROM public.payment_plan;
COMMENT ON VIEW payment_plan IS
  E'@primaryKey book,key\n@foreignKey (book,account_key) references account (book,key)|@foreignFieldName paymentPlans';

CREATE VIEW instalment AS
  SELECT book, key, plan_key, position::integer, due_on, status,
    ROW(major(amount_minor, currency), currency)::bench_postgraphile.money AS amount
  FROM public.instalment;
COMMENT ON VIEW instalment IS
  E'@primaryKey book,key\n@foreignKey (book,plan_key) references payment_plan (book,key)|@foreignSimpleFieldName instalments';

CREATE VIEW enrolment AS
  SELECT a.book, a.key AS account_key, k.position, k.kind, coalesce(e.active, 0) = 1 AS active, e.since
  FROM public.account a
  CROSS JOIN (VALUES (1, 'E_INVOICE'), (2, 'DIRECT_DEBIT')) AS k (position, kind)
  LEFT JOIN public.enrolment e ON e.book = a.book AND e.account_key = a.key AND e.kind = k.kind;
COMMENT ON VIEW enrolment IS
  E'@primaryKey book,account_key,kind\n@foreignKey (book,account_key) references account (book,key)|@foreignSimpleFieldName enrolments';

CREATE VIEW notice AS
  WITH place AS (
    SELECT l.person_id, l.role, a.book, a.key AS account, u.building_key AS building, b.community_key AS community
    FROM account_link l
    JOIN public.account a ON a.book = l.manager || '/' || l.office AND a.key = l.account_key
    LEFT JOIN unit u ON u.book = a.book AND u.key = a.unit_key
    LEFT JOIN building b ON b.book = u.book AND b.key = u.building_key
    WHERE l.manager = current_setting('bench.manager') AND l.person_id = current_setting('bench.person')
  ), scope AS (
    SELECT person_id, role, book, 'ACCOUNT' AS kind, account AS key FROM place
    UNION SELECT person_id, role, book, 'BUILDING', building FROM place WHERE building IS NOT NULL
    UNION SELECT person_id, role, book, 'COMMUNITY', community FROM place WHERE community IS NOT NULL
    UNION SELECT person_id, role, book, 'EVERYBODY', '' FROM place
  )
  SELECT DISTINCT s.person_id, n.book, n.key, n.title, replace(n.published_from, '.000000', '') AS published_from
  FROM scope s
  JOIN notice_audience m ON m.book = s.book AND m.scope = s.kind AND m.scope_key = s.key AND m.role IN ('', s.role)
  JOIN public.notice n ON n.book = m.book AND n.key = m.notice_key
  WHERE n.published_from <= current_setting('bench.now')
    AND (n.visible_until IS NULL OR n.visible_until > current_setting('bench.now'));
COMMENT ON VIEW notice IS E'@primaryKey book,key\n@foreignKey (person_id) references viewer (id)|@foreignFieldName notices';
