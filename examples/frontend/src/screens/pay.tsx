// Paying, in three steps: a quote tells what it costs, the payer says yes, the browser is led to the platform.
import { useState, type ReactNode } from "react";
import { useMutation } from "urql";
import { graphql, readFragment, type ResultOf } from "../graphql";
import { Confirm } from "../parts/confirm";
import { Heading } from "../parts/heading";
import { QuoteFacts, QuoteTable } from "../parts/quote-table";
import { Refusal, Trouble, Waiting } from "../parts/status";
import { usePortal } from "../portal";
import { problemOf } from "../problems";
import { checkoutPath, HOME, returnPath } from "../routes";
import { useQuote, type Quote } from "./quote";

const CommitDocument = graphql(`
  mutation CreateCheckout($input: CreateCheckoutInput!) {
    createCheckout(input: $input) {
      checkout {
        redirectUrl
      }
      userErrors {
        message
        retryable
        params {
          key
          value
        }
      }
    }
  }
`);

type Errors = ResultOf<typeof CommitDocument>["createCheckout"]["userErrors"];

export function PayScreen({ invoices }: { invoices: string[] }) {
  const { words } = usePortal();
  const { quote, refused, error, anew } = useQuote(invoices);
  return (
    <div className="narrow">
      <Heading>{words.pay.title}</Heading>
      {quote ? <Review key={quote.id} quote={quote} anew={anew} />
        : refused.length ? <Refused errors={refused} />
        : error ? <Trouble problem={problemOf(error, words)} words={words} again={anew} />
        : <Waiting text={words.pay.quoting} />}
      <p><a href={HOME}>{words.back}</a></p>
    </div>
  );
}

/** What it costs, and the way to the platform. */
function Review({ quote, anew }: { quote: Quote; anew: () => void }) {
  const { facts, words, format } = usePortal();
  const [asking, setAsking] = useState(false);
  const [{ data, error, fetching }, commit] = useMutation(CommitDocument);
  const [leaving, setLeaving] = useState(false);
  const total = format.money(readFragment(QuoteFacts, quote).total);
  const platform = facts.paymentPlatform ?? "";

  const pay = async () => {
    setAsking(false);
    // One quote is good for one checkout, so its id is a key that even a page that was loaded anew would repeat.
    const input = { quoteId: quote.id, returnUrl: returnPath(), idempotencyKey: quote.id };
    const { data } = await commit({ input });
    const { checkout, userErrors } = data?.createCheckout ?? {};
    if (!checkout?.redirectUrl || userErrors?.length) return;
    setLeaving(true);
    location.assign(checkout.redirectUrl);
  };

  const refused = fetching ? [] : (data?.createCheckout.userErrors ?? []);
  const busy = fetching || leaving;
  return (
    <div className="card">
      <QuoteTable quote={quote} />
      {refused.length > 0 && (
        <Refused errors={refused}>
          {refused.some(({ retryable }) => retryable)
            ? <Plain text={words.again} pressed={pay} />
            : <Plain text={words.pay.anew} pressed={anew} />}
        </Refused>
      )}
      {error && !fetching && <Trouble problem={problemOf(error, words)} words={words} again={pay} />}
      {busy && <Waiting text={words.pay.leaving(platform)} />}
      {!busy && !refused.length && <button type="button" onClick={() => setAsking(true)}>{words.pay.go(total)}</button>}
      {asking && (
        <Confirm
          title={words.pay.sure}
          text={words.pay.explain(total, platform)}
          yes={words.pay.yes(platform)}
          no={words.pay.no}
          confirmed={pay}
          closed={() => setAsking(false)}
        />
      )}
    </div>
  );
}

type Told = readonly Pick<Errors[number], "message" | "params">[];

/** Why it cannot be paid, and the way to the payment that it is held for, where it is the viewer's own; else `children`. */
function Refused({ errors, children }: { errors: Told; children?: ReactNode }) {
  const { words } = usePortal();
  const running = errors.flatMap(({ params }) => params).find(({ key }) => key === "checkoutId")?.value;
  return (
    <>
      <Refusal errors={errors} />
      {running ? <p><a href={checkoutPath(running)}>{words.pay.seePayment}</a></p> : children}
    </>
  );
}

function Plain({ text, pressed }: { text: string; pressed: () => void }) {
  return <button type="button" className="plain" onClick={pressed}>{text}</button>;
}
