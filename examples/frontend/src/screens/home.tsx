// The accounts, a page at a time: what is owed, what is overdue, and what can be paid.
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { useVisiting } from "../connection";
import { Amount } from "../format";
import { graphql } from "../graphql";
import { AccountCard, AccountFacts } from "../parts/account-card";
import { Heading } from "../parts/heading";
import { Trouble, Waiting } from "../parts/status";
import { usePortal } from "../portal";
import { isSignedOut, problemAt, problemOf } from "../problems";
import { checkoutPath } from "../routes";

const AccountsDocument = graphql(
  `
    query Accounts($after: String) {
      viewer {
        accounts(first: 12, after: $after) {
          nodes {
            id
            ...AccountFacts
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `,
  [AccountFacts],
);

const UnderWayDocument = graphql(
  `
    query UnderWay {
      viewer {
        checkouts(first: 10) {
          nodes {
            id
            endedAt
            total {
              ...Amount
            }
            account {
              number
            }
          }
        }
      }
    }
  `,
  [Amount],
);

export function HomeScreen() {
  const { viewer, words } = usePortal();
  return (
    <>
      <Heading>{words.home.greeting(viewer?.name ?? "")}</Heading>
      <UnderWay />
      <Accounts after={null} />
    </>
  );
}

/** One page of accounts, and the next one below it once it is asked for. */
function Accounts({ after }: { after: string | null }) {
  const { words } = usePortal();
  const { renew } = useVisiting();
  const [more, setMore] = useState(false);
  const [{ data, error, fetching }, ask] = useQuery({ query: AccountsDocument, variables: { after }, requestPolicy: "cache-and-network" });
  const over = isSignedOut(error) || data?.viewer === null;
  useEffect(() => {
    if (over && !fetching) renew(true);
  }, [over, fetching, renew]);

  const again = () => ask({ requestPolicy: "network-only" });
  const page = data?.viewer?.accounts;
  if (!page) return error ? <Trouble problem={problemOf(error, words)} words={words} again={again} /> : <Waiting text={words.wait} />;
  return (
    <>
      {page.nodes.map((account, index) => {
        const problem = (...field: string[]) => problemAt(error, ["viewer", "accounts", "nodes", index, ...field], words);
        if (account) return <AccountCard key={account.id} account={account} problem={problem} again={again} />;
        const lost = problem();
        return lost && <Trouble key={index} problem={lost} words={words} again={again} />;
      })}
      {more && <Accounts after={page.pageInfo.endCursor} />}
      {page.pageInfo.hasNextPage && !more && (
        <button type="button" className="plain" onClick={() => setMore(true)}>{words.home.moreAccounts}</button>
      )}
    </>
  );
}

/** Payments that nobody has heard the end of: whoever closed the page finds them again. */
function UnderWay() {
  const { words, format } = usePortal();
  const [{ data }] = useQuery({ query: UnderWayDocument, requestPolicy: "cache-and-network" });
  const running = data?.viewer?.checkouts?.nodes.filter(({ endedAt }) => !endedAt) ?? [];
  return running.map(({ id, account, total }) => (
    <p key={id} className="note">
      {words.home.underWay(account?.number ?? "", format.money(total))} <a href={checkoutPath(id)}>{words.home.look}</a>
    </p>
  ));
}
