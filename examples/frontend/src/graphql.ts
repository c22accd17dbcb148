// Documents typed from the schema: a field that does not exist is a type error wherever it is read.
import { initGraphQLTada } from "gql.tada";
import type { introspection } from "./graphql-env";

/** A decimal as text, `"1234.50"`: never to be turned into a number. */
export type Decimal = `${number}`;

export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: {
    Colour: string;
    CurrencyCode: string;
    Date: string;
    DateTime: string;
    Decimal: Decimal;
    TimeZone: string;
    Url: string;
  };
}>();

export { readFragment } from "gql.tada";
export type { FragmentOf, ResultOf } from "gql.tada";
