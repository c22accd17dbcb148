// How this page speaks to its portal: same host, session cookie, subscriptions as server-sent events.
import { cacheExchange, Client, fetchExchange } from "urql";

/** Every request that carries the cookie needs this header, with any value: no other page can send it. */
const OURS = { "X-Ventanilla-Request": "1" };

/** A client for one person; make another when somebody signs in or out, so that nothing is kept for the next. */
export function createClient(language: string | null): Client {
  return new Client({
    url: "/graphql",
    exchanges: [cacheExchange, fetchExchange],
    fetchSubscriptions: true,
    // Addresses are kept in logs and histories, bodies are not.
    preferGetMethod: false,
    fetchOptions: { headers: language ? { ...OURS, "Accept-Language": language } : OURS },
  });
}
