// Watching a checkout: server-sent events, begun again whenever they end before it does, and a look now and then where
// something on the way keeps them back.
import { useEffect, useState } from "react";
import { useQuery, useSubscription, type CombinedError } from "urql";
import { useVisiting } from "../connection";
import { Amount } from "../format";
import { graphql, readFragment, type FragmentOf, type ResultOf } from "../graphql";
import { isSignedOut } from "../problems";

const CheckoutFacts = graphql(
  `
    fragment CheckoutFacts on Checkout {
      id
      status
      settled
      platform
      reference
      redirectUrl
      account {
        number
      }
      lines {
        number
      }
      total {
        ...Amount
      }
    }
  `,
  [Amount],
);

const WatchDocument = graphql(
  `
    subscription WatchCheckout($id: ID!) {
      checkout(id: $id) {
        ...CheckoutFacts
      }
    }
  `,
  [CheckoutFacts],
);

const LookDocument = graphql(
  `
    query Checkout($id: ID!) {
      checkout(id: $id) {
        ...CheckoutFacts
      }
    }
  `,
  [CheckoutFacts],
);

/** How long the stream may be silent at first, and how long to wait before it is begun again: milliseconds. */
const PATIENCE = 5_000;
const PAUSE = 3_000;

export type Checkout = ResultOf<typeof CheckoutFacts>;

interface Watched {
  /** As it stands; null where the viewer has none of that id, undefined until it is known. */
  checkout: Checkout | null | undefined;
  error: CombinedError | undefined;
  again: () => void;
}

/** Whether nothing will change any more. */
export const isOver = ({ status, settled }: Checkout): boolean =>
  settled || status === "FAILED" || status === "EXPIRED" || status === "CANCELLED";

export function useCheckout(id: string): Watched {
  const { renew } = useVisiting();
  const [over, setOver] = useState(false);
  const [stream, begin] = useSubscription({ query: WatchDocument, variables: { id }, pause: over });
  const [looked, look] = useQuery({ query: LookDocument, variables: { id }, requestPolicy: "network-only", pause: true });
  const found = stream.data ? stream.data.checkout : looked.data?.checkout;
  const checkout = known(found);
  const last = checkout === null || (checkout !== undefined && isOver(checkout));
  const error = stream.error ?? looked.error;
  const silent = !stream.data && !over;

  useEffect(() => setOver(last), [last]);
  useEffect(() => {
    if (isSignedOut(error)) renew(true);
  }, [error, renew]);
  useEffect(() => {
    if (stream.fetching || over) return;
    const timer = setTimeout(() => begin({ requestPolicy: "network-only" }), PAUSE);
    return () => clearTimeout(timer);
  }, [stream.fetching, over, begin]);
  useEffect(() => {
    if (!silent) return;
    const timer = setInterval(() => look({ requestPolicy: "network-only" }), PATIENCE);
    return () => clearInterval(timer);
  }, [silent, look]);

  return { checkout, error, again: () => begin({ requestPolicy: "network-only" }) };
}

function known(found: FragmentOf<typeof CheckoutFacts> | null | undefined): Checkout | null | undefined {
  return found ? readFragment(CheckoutFacts, found) : found;
}
