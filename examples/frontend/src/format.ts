// Amounts and dates as people of the manager's country write them.
import { graphql, readFragment, type Decimal, type FragmentOf } from "./graphql";

/** What an amount has to be asked with. */
export const Amount = graphql(`
  fragment Amount on Money {
    amount
    currency
  }
`);
export type Money = FragmentOf<typeof Amount>;

export interface Format {
  /** An amount with its currency, exact to the last digit. */
  money(amount: Money): string;
  /** The same without its sign, where a word says whose it is. */
  unsigned(amount: Money): string;
  /** A local date of the manager, such as `2026-11-21`. */
  date(date: string): string;
  /** A moment, told by the manager's clocks. */
  moment(moment: string): string;
}

/** `locale` is the manager's (`es-AR`), unless the answers are in another language of theirs. */
export function formatFor(language: string, locale: string, timeZone: string): Format {
  const written = locale.split("-")[0] === language.split("-")[0] ? locale : language;
  // A date has no zone: read as UTC and written as UTC it stays the same day everywhere.
  const dates = new Intl.DateTimeFormat(written, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const moments = new Intl.DateTimeFormat(written, { dateStyle: "medium", timeStyle: "short", timeZone });
  return {
    money: (money) => inMoney(written, readFragment(Amount, money)),
    unsigned: (money) => inMoney(written, unsigned(readFragment(Amount, money))),
    date: (date) => dates.format(new Date(`${date}T00:00:00Z`)),
    moment: (moment) => moments.format(new Date(moment)),
  };
}

interface Plain {
  amount: Decimal;
  currency: string;
}

function unsigned({ amount, currency }: Plain): Plain {
  return { amount: amount.replace(/^-/, "") as Decimal, currency };
}

function inMoney(locale: string, { amount, currency }: Plain): string {
  if (!READS_TEXT) return `${amount} ${currency}`;
  const digits = amount.split(".")[1]?.length ?? 0;
  const style = { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locale, style).format(amount);
}

/** Engines before 2023 turned the text into a float first. There the amount is shown as it came: plain, but right. */
const READS_TEXT = isExact();

function isExact(): boolean {
  const style = { useGrouping: false, maximumFractionDigits: 2 } as const;
  return new Intl.NumberFormat("en", style).format("9007199254740993.25") === "9007199254740993.25";
}
