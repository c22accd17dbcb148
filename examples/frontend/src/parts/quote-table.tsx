// What paying costs, line by line, as the quote tells it.
import { Amount, type Money } from "../format";
import { graphql, readFragment, type FragmentOf } from "../graphql";
import { usePortal } from "../portal";

export const QuoteFacts = graphql(
  `
    fragment QuoteFacts on CheckoutQuote {
      expiresAt
      warnings
      account {
        number
      }
      lines {
        number
        title
        amount {
          ...Amount
        }
      }
      subtotal {
        ...Amount
      }
      fees {
        payer {
          ...Amount
        }
      }
      total {
        ...Amount
      }
    }
  `,
  [Amount],
);

export function QuoteTable({ quote }: { quote: FragmentOf<typeof QuoteFacts> }) {
  const { words, format } = usePortal();
  const { expiresAt, warnings, account, lines, subtotal, fees, total } = readFragment(QuoteFacts, quote);
  return (
    <>
      <p>{words.pay.account(account.number)}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.pay.invoice}</th>
            <th scope="col" className="money">{words.pay.amount}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ number, title, amount }) => (
            <tr key={number}>
              <td>{title}<span className="small">{number}</span></td>
              <td className="money">{format.money(amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <Sum name={words.pay.subtotal} amount={subtotal} />
          <Sum name={words.pay.fee} amount={fees.payer} />
          <Sum name={words.pay.total} amount={total} />
        </tfoot>
      </table>
      {warnings.includes("DIRECT_DEBIT_ACTIVE") && <p className="note">{words.pay.directDebit}</p>}
      <p className="small">{words.pay.until(format.moment(expiresAt))}</p>
    </>
  );
}

function Sum({ name, amount }: { name: string; amount: Money }) {
  const { format } = usePortal();
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="money">{format.money(amount)}</td>
    </tr>
  );
}
