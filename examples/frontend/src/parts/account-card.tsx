// One account: its balance, and its pending invoices to choose from.
import { useState } from "react";
import { graphql, readFragment, type FragmentOf, type ResultOf } from "../graphql";
import { usePortal } from "../portal";
import type { Problem } from "../problems";
import { go, payPath } from "../routes";
import { BalanceFacts, BalanceLine } from "./balance-line";
import { InvoiceFacts, InvoiceRow, MoreInvoices } from "./invoice-row";
import { Refusal, Trouble } from "./status";

/** As many as one checkout takes. */
const MOST = 50;

export const AccountFacts = graphql(
  `
    fragment AccountFacts on Account {
      id
      number
      title
      balance {
        ...BalanceFacts
      }
      invoices(first: 10, filter: { status: [OPEN, PARTIALLY_PAID] }, order: DUE_ON_ASC) {
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
  `,
  [BalanceFacts, InvoiceFacts],
);

interface CardProps {
  account: FragmentOf<typeof AccountFacts>;
  /** Why a field of the account is null; null where it is so by right. */
  problem: (field: string) => Problem | null;
  again: () => void;
}

export function AccountCard({ account, problem, again }: CardProps) {
  const { words } = usePortal();
  const { id, number, title, balance, invoices } = readFragment(AccountFacts, account);
  const missing = problem("balance");
  const lost = problem("invoices");
  return (
    <section className="card" aria-labelledby={`account-${id} number-${id}`}>
      <h2 id={`account-${id}`}>{title}</h2>
      <p id={`number-${id}`} className="small">{words.home.account(number)}</p>
      {balance ? <BalanceLine balance={balance} /> : missing && <p>{words.home.balanceMissing}</p>}
      {missing && <Trouble problem={missing} words={words} again={again} />}
      {lost && !missing && <Trouble problem={lost} words={words} again={again} />}
      {invoices && <Choice account={id} invoices={invoices} />}
    </section>
  );
}

type Invoices = NonNullable<ResultOf<typeof AccountFacts>["invoices"]>;

/** The pending invoices, of which those that are ticked are paid together. No sum is made here: the quote tells it. */
function Choice({ account, invoices }: { account: string; invoices: Invoices }) {
  const { facts, words } = usePortal();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [refusal, setRefusal] = useState<string | null>(null);
  if (!invoices.nodes.length) return <p>{words.home.noInvoices}</p>;

  const toggle = (id: string) => {
    setRefusal(null);
    setChosen((were) => (were.has(id) ? new Set([...were].filter((each) => each !== id)) : new Set([...were, id])));
  };
  const pay = () => {
    if (!chosen.size) setRefusal(words.home.choose);
    else if (chosen.size > MOST) setRefusal(words.home.tooMany(MOST));
    else go(payPath(chosen));
  };
  const { hasNextPage, endCursor } = invoices.pageInfo;
  return (
    <fieldset>
      <legend>{words.home.invoices}</legend>
      <ul className="rows">
        {invoices.nodes.map((each) => <InvoiceRow key={each.id} invoice={each} chosen={chosen} toggle={toggle} />)}
        {hasNextPage && <MoreInvoices account={account} after={endCursor} chosen={chosen} toggle={toggle} />}
      </ul>
      {refusal && <Refusal errors={[{ message: refusal }]} />}
      {facts.paymentPlatform
        ? <button type="button" onClick={pay}>{words.home.pay(chosen.size)}</button>
        : <p className="small">{words.home.notPayable}</p>}
    </fieldset>
  );
}
