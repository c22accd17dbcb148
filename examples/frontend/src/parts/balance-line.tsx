// What an account owes or is owed, in one glance.
import { Amount } from "../format";
import { graphql, readFragment, type FragmentOf } from "../graphql";
import { usePortal } from "../portal";

export const BalanceFacts = graphql(
  `
    fragment BalanceFacts on Balance {
      asOf
      stale
      side
      amount {
        ...Amount
      }
      overdue {
        oldestDueOn
        amount {
          ...Amount
        }
      }
      nextDue {
        dueOn
        amount {
          ...Amount
        }
      }
    }
  `,
  [Amount],
);

const SIDES = { DEBT: "debt", CREDIT: "credit", SETTLED: "settled" } as const;

export function BalanceLine({ balance }: { balance: FragmentOf<typeof BalanceFacts> }) {
  const { words, format } = usePortal();
  const { asOf, stale, side, amount, overdue, nextDue } = readFragment(BalanceFacts, balance);
  const next = nextDue[0];
  return (
    <>
      <p className="balance">
        <span>{words.home[SIDES[side]]}</span> <strong>{format.unsigned(amount)}</strong>
      </p>
      {overdue.oldestDueOn && (
        <p className="overdue">{words.home.overdue(format.money(overdue.amount), format.date(overdue.oldestDueOn))}</p>
      )}
      {next && <p>{words.home.nextDue(format.money(next.amount), format.date(next.dueOn))}</p>}
      {stale && <p className="note">{words.home.stale(format.moment(asOf))}</p>}
    </>
  );
}
