// The way to a receipt. Its address serves for ten minutes, so another is asked for before the old one is over.
import { useEffect } from "react";
import { useQuery } from "urql";
import { graphql } from "../graphql";
import { usePortal } from "../portal";
import { problemOf } from "../problems";
import { Trouble } from "./status";

const ReceiptDocument = graphql(`
  query Receipt($checkout: ID!) {
    checkout(id: $checkout) {
      payment {
        receipt {
          url
          fileName
        }
      }
    }
  }
`);

const RENEWED_AFTER = 8 * 60_000;

export function Receipt({ checkout }: { checkout: string }) {
  const { words } = usePortal();
  const [{ data, error }, ask] = useQuery({ query: ReceiptDocument, variables: { checkout }, requestPolicy: "network-only" });
  useEffect(() => {
    const timer = setInterval(() => ask({ requestPolicy: "network-only" }), RENEWED_AFTER);
    return () => clearInterval(timer);
  }, [ask]);
  const receipt = data?.checkout?.payment?.receipt;
  if (receipt) return <p><a className="button" href={receipt.url} download={receipt.fileName}>{words.checkout.receipt}</a></p>;
  if (error) return <Trouble problem={problemOf(error, words)} words={words} again={() => ask({ requestPolicy: "network-only" })} />;
  return data ? <p className="small">{words.checkout.noReceipt}</p> : null;
}
