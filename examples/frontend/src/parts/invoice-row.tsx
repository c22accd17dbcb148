// A pending invoice that can be ticked to be paid.
import { useState } from "react";
import { useQuery } from "urql";
import { Amount } from "../format";
import { graphql, readFragment, type FragmentOf } from "../graphql";
import { usePortal } from "../portal";
import { problemOf } from "../problems";
import { Trouble, Waiting } from "./status";

export const InvoiceFacts = graphql(
  `
    fragment InvoiceFacts on Invoice {
      id
      number
      title
      kind
      status
      overdue
      dueOn
      open {
        ...Amount
      }
    }
  `,
  [Amount],
);

const MoreInvoicesDocument = graphql(
  `
    query MoreInvoices($account: ID!, $after: String) {
      account(id: $account) {
        invoices(first: 20, after: $after, filter: { status: [OPEN, PARTIALLY_PAID] }, order: DUE_ON_ASC) {
          nodes {
            id
            ...InvoiceFacts
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `,
  [InvoiceFacts],
);

interface Choosing {
  chosen: ReadonlySet<string>;
  toggle: (id: string) => void;
}

export function InvoiceRow({ invoice, chosen, toggle }: { invoice: FragmentOf<typeof InvoiceFacts> } & Choosing) {
  const { facts, words, format } = usePortal();
  const { id, number, title, kind, status, overdue, dueOn, open } = readFragment(InvoiceFacts, invoice);
  if (kind === "CREDIT_NOTE") return null;
  return (
    <li>
      <label className="row">
        {facts.paymentPlatform && <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} />}
        <span className="what">
          <span>{title}</span>
          <span className="small">{number} · {words.home.dueOn(format.date(dueOn))}</span>
          <span className="badges">
            {overdue && <span className="badge bad">{words.home.isOverdue}</span>}
            {status === "PARTIALLY_PAID" && <span className="badge">{words.home.partlyPaid}</span>}
          </span>
        </span>
        <span className="money">{format.money(open)}</span>
      </label>
    </li>
  );
}

/** The page after `after`, once it is asked for, and the ones after that. */
export function MoreInvoices({ account, after, ...choosing }: { account: string; after: string | null } & Choosing) {
  const { words } = usePortal();
  const [wanted, setWanted] = useState(false);
  const [{ data, error }, ask] = useQuery({ query: MoreInvoicesDocument, variables: { account, after }, pause: !wanted });
  if (!wanted) return <li><button type="button" className="plain" onClick={() => setWanted(true)}>{words.home.moreInvoices}</button></li>;
  const again = () => ask({ requestPolicy: "network-only" });
  const page = data?.account?.invoices;
  if (!page) return <li>{error ? <Trouble problem={problemOf(error, words)} words={words} again={again} /> : <Waiting text={words.wait} />}</li>;
  return (
    <>
      {page.nodes.map((each) => <InvoiceRow key={each.id} invoice={each} {...choosing} />)}
      {page.pageInfo.hasNextPage && <MoreInvoices account={account} after={page.pageInfo.endCursor} {...choosing} />}
    </>
  );
}
