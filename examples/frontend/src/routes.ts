// Which screen is shown: all behind `#`, so that the page works in any folder of any server.
import { useSyncExternalStore } from "react";

export type Route =
  | { screen: "home" }
  | { screen: "pay"; invoices: string[] }
  | { screen: "checkout"; id: string };

export const HOME = "#/";
export const payPath = (invoices: Iterable<string>): string => `#/pay/${[...invoices].map(encodeURIComponent).join(",")}`;
export const checkoutPath = (id: string): string => `#/checkout/${encodeURIComponent(id)}`;

/** The path that payers come back to: this page itself. The manager's file has to name it (`return_paths`). */
export const returnPath = (): string => location.pathname;

/** A payer comes back with `?checkout=ID`: make a screen of it, and an address that can be loaded again. */
export function takeReturn(): void {
  const id = new URLSearchParams(location.search).get("checkout");
  if (id) history.replaceState(null, "", location.pathname + checkoutPath(id));
}

export function go(path: string): void {
  location.hash = path;
}

function parsed(hash: string): Route {
  const [screen, rest = ""] = hash.replace(/^#\/?/, "").split("/");
  const named = rest.split(",").filter(Boolean).map(unescaped);
  if (screen === "pay" && named.length) return { screen, invoices: named };
  if (screen === "checkout" && named[0]) return { screen, id: named[0] };
  return { screen: "home" };
}

/** What was escaped; as it stands where somebody typed half of it. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function listen(changed: () => void): () => void {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

/** The present hash; `parse` it where it is used, since a new object each time would never be the same. */
const useHash = (): string => useSyncExternalStore(listen, () => location.hash);

export function useRoute(): { route: Route; key: string } {
  const hash = useHash();
  return { route: parsed(hash), key: hash };
}
