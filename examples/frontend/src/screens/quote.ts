// Asking what some invoices cost to pay.
import { useCallback, useEffect, useRef } from "react";
import { useMutation, type CombinedError } from "urql";
import { graphql, type ResultOf } from "../graphql";
import { QuoteFacts } from "../parts/quote-table";

const QuoteDocument = graphql(
  `
    mutation CreateCheckoutQuote($input: CreateCheckoutQuoteInput!) {
      createCheckoutQuote(input: $input) {
        quote {
          id
          ...QuoteFacts
        }
        userErrors {
          message
          params {
            key
            value
          }
        }
      }
    }
  `,
  [QuoteFacts],
);

type Answer = ResultOf<typeof QuoteDocument>["createCheckoutQuote"];
export type Quote = NonNullable<Answer["quote"]>;

interface Quoted {
  /** Null while it is asked for, and where it is refused. */
  quote: Quote | null;
  refused: Answer["userErrors"];
  error: CombinedError | undefined;
  /** Ask once more: amounts are good for a while only. */
  anew: () => void;
}

export function useQuote(invoices: string[]): Quoted {
  const [{ data, error, fetching }, ask] = useMutation(QuoteDocument);
  const asked = useRef(false);
  const items = useRef(invoices.map((invoiceId) => ({ invoiceId })));
  const anew = useCallback(() => void ask({ input: { items: items.current } }), [ask]);
  useEffect(() => {
    if (asked.current) return; // development mounts everything twice
    asked.current = true;
    anew();
  }, [anew]);
  const answer = fetching ? undefined : data?.createCheckoutQuote;
  return { quote: answer?.quote ?? null, refused: answer?.userErrors ?? [], error: fetching ? undefined : error, anew };
}
