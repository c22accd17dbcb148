// The frame: asks who the manager is and who is here, then shows the screen that the address names.
import { useEffect, useMemo, type ReactNode } from "react";
import { useQuery } from "urql";
import { useVisiting } from "./connection";
import { formatFor } from "./format";
import { Frame } from "./parts/frame";
import { Trouble, Waiting } from "./parts/status";
import { PortalContext, PortalDocument, type Portal } from "./portal";
import { problemOf } from "./problems";
import { useRoute } from "./routes";
import { CheckoutScreen } from "./screens/checkout";
import { HomeScreen } from "./screens/home";
import { PayScreen } from "./screens/pay";
import { SignedIn } from "./screens/signed-in";
import { dress } from "./theme";
import { wordsFor } from "./words";

export function App() {
  const { visit } = useVisiting();
  const [{ data, error }, ask] = useQuery({ query: PortalDocument });
  const portal = useMemo(() => (data ? portalOf(data.portal, data.viewer) : null), [data]);
  useEffect(() => {
    if (portal) present(portal.facts);
  }, [portal]);
  if (portal) return <PortalContext value={portal}><Frame><Screen /></Frame></PortalContext>;

  const words = wordsFor(...(visit.language ? [visit.language] : []), ...navigator.languages);
  const again = () => ask({ requestPolicy: "network-only" });
  return (
    <main className="alone">
      {error ? <Trouble problem={problemOf(error, words)} words={words} again={again} /> : <Waiting text={words.wait} />}
    </main>
  );
}

function portalOf(facts: Portal["facts"], viewer: Portal["viewer"]): Portal {
  const format = formatFor(facts.language, facts.locale, facts.timeZone);
  return { facts, viewer, words: wordsFor(facts.language), format };
}

function present({ name, language, theme }: Portal["facts"]): void {
  dress(theme);
  document.title = name;
  document.documentElement.lang = language;
}

function Screen(): ReactNode {
  const { route, key } = useRoute();
  return (
    <SignedIn>
      {route.screen === "pay" ? <PayScreen key={key} invoices={route.invoices} />
        : route.screen === "checkout" ? <CheckoutScreen key={key} id={route.id} />
        : <HomeScreen />}
    </SignedIn>
  );
}
