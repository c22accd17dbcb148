// Where the payer comes back to. Coming back proves nothing: the portal is watched until it says how it ended.
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "../graphql";
import { Confirm } from "../parts/confirm";
import { Heading } from "../parts/heading";
import { Receipt } from "../parts/receipt";
import { Refusal, Trouble, Waiting } from "../parts/status";
import { usePortal } from "../portal";
import { problemOf } from "../problems";
import { HOME } from "../routes";
import type { Words } from "../words";
import { isOver, useCheckout, type Checkout } from "./watch";

const CancelDocument = graphql(`
  mutation CancelCheckout($input: CancelCheckoutInput!) {
    cancelCheckout(input: $input) {
      checkout {
        id
        status
      }
      userErrors {
        message
      }
    }
  }
`);

export function CheckoutScreen({ id }: { id: string }) {
  const { words } = usePortal();
  const { checkout, error, again } = useCheckout(id);
  return (
    <div className="narrow">
      <Heading>{words.checkout.title}</Heading>
      {checkout ? <Standing checkout={checkout} />
        : error ? <Trouble problem={problemOf(error, words)} words={words} again={again} />
        : checkout === null ? <p className="note">{words.checkout.missing}</p>
        : <Waiting text={words.wait} />}
      <p><a href={HOME}>{words.back}</a></p>
    </div>
  );
}

function Standing({ checkout }: { checkout: Checkout }) {
  const { words, format } = usePortal();
  const { id, status, settled, platform, reference, account, lines, total, redirectUrl } = checkout;
  const { title, hint } = told(status, settled, platform, words);
  return (
    <div className="card">
      <div role="status" className={settled ? "done" : undefined}>
        <h2>{title}</h2>
        <p>{hint}</p>
      </div>
      {settled && <Receipt checkout={id} />}
      <dl>
        <Fact name={words.pay.total} values={[format.money(total)]} />
        <Fact name={account ? words.pay.account(account.number) : words.pay.invoice} values={lines.map(({ number }) => number)} />
        <Fact name={words.checkout.reference} values={[reference]} />
      </dl>
      {isOpen(status) && redirectUrl && <WayOn id={id} platform={platform} url={redirectUrl} />}
      {!isOver(checkout) && <p className="small">{words.checkout.watching}</p>}
    </div>
  );
}

function Fact({ name, values }: { name: string; values: string[] }) {
  return <div><dt>{name}</dt>{values.map((each) => <dd key={each}>{each}</dd>)}</div>;
}

type State = Checkout["status"];

/** Whether the payer may still be on their way to pay. */
const isOpen = (status: State): boolean => status === "CREATED" || status === "REDIRECTED";

function told(status: State, settled: boolean, platform: string, { checkout }: Words): { title: string; hint: string } {
  if (settled) return { title: checkout.settled, hint: checkout.settledHint };
  switch (status) {
    case "CREATED":
    case "REDIRECTED":
      return { title: checkout.open, hint: checkout.openHint };
    case "PENDING":
      return { title: checkout.pending, hint: checkout.pendingHint(platform) };
    case "SUCCEEDED":
      return { title: checkout.succeeded, hint: checkout.succeededHint };
    case "FAILED":
      return { title: checkout.failed, hint: checkout.freeHint };
    case "EXPIRED":
      return { title: checkout.expired, hint: checkout.freeHint };
    case "CANCELLED":
      return { title: checkout.cancelled, hint: checkout.freeHint };
  }
}

/** Somebody who did not pay yet goes on, or takes it back. */
function WayOn({ id, platform, url }: { id: string; platform: string; url: string }) {
  const { words } = usePortal();
  const [asking, setAsking] = useState(false);
  const [{ data, error, fetching }, cancel] = useMutation(CancelDocument);
  const refused = data?.cancelCheckout.userErrors ?? [];
  const takeBack = () => {
    setAsking(false);
    void cancel({ input: { id } });
  };
  return (
    <>
      {refused.length > 0 && <Refusal errors={refused} />}
      {error && <Trouble problem={problemOf(error, words)} words={words} again={takeBack} />}
      <div className="actions">
        <a className="button" href={url}>{words.checkout.goOn(platform)}</a>
        <button type="button" className="plain" disabled={fetching} onClick={() => setAsking(true)}>{words.checkout.cancel}</button>
      </div>
      {asking && (
        <Confirm
          title={words.checkout.cancel}
          text={words.checkout.cancelSure}
          yes={words.checkout.cancelYes}
          no={words.pay.no}
          confirmed={takeBack}
          closed={() => setAsking(false)}
        />
      )}
    </>
  );
}
