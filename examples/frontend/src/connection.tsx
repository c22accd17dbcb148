// The client of whoever is here, and the language they chose; both are renewed together with all that was asked.
import { createContext, useCallback, useContext, useMemo, useState } from "react";
import { Provider } from "urql";
import { App } from "./app";
import { createClient } from "./client";

interface Visit {
  /** How often somebody came or went; each visit has a client of its own. */
  number: number;
  /** Whether the visit before this one ended by itself. */
  ended: boolean;
  language: string | null;
}

export interface Visiting {
  visit: Visit;
  /** Somebody signed in or out: forget all answers. */
  renew(ended?: boolean): void;
  /** Ask for another of the manager's languages. */
  speak(language: string): void;
}

const VisitingContext = createContext<Visiting | null>(null);
const CHOSEN = "language";

export function useVisiting(): Visiting {
  const visiting = useContext(VisitingContext);
  if (!visiting) throw new Error("useVisiting stands outside of Connection");
  return visiting;
}

export function Connection() {
  const [visit, setVisit] = useState<Visit>(() => ({ number: 0, ended: false, language: localStorage.getItem(CHOSEN) }));
  const renew = useCallback((ended = false) => setVisit((was) => ({ ...was, number: was.number + 1, ended })), []);
  const speak = useCallback((language: string) => {
    localStorage.setItem(CHOSEN, language);
    setVisit((was) => ({ ...was, number: was.number + 1, language }));
  }, []);
  const visiting = useMemo(() => ({ visit, renew, speak }), [visit, renew, speak]);
  const client = useMemo(() => createClient(visit.language), [visit.number, visit.language]);
  return (
    <VisitingContext value={visiting}>
      <Provider value={client}>
        <App key={visit.number} />
      </Provider>
    </VisitingContext>
  );
}
