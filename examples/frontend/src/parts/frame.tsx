// What surrounds every screen: whose portal this is, who is here, and the language.
import type { ReactNode } from "react";
import { useMutation } from "urql";
import { useVisiting } from "../connection";
import { graphql } from "../graphql";
import { usePortal } from "../portal";
import { go, HOME } from "../routes";

const SignOutDocument = graphql(`
  mutation SignOut {
    signOut {
      endedSessions
    }
  }
`);

export function Frame({ children }: { children: ReactNode }) {
  const { facts, viewer, words } = usePortal();
  return (
    <>
      <a className="skip" href="#content" onClick={skip}>{words.skip}</a>
      <header>
        <p className="name">{facts.name}</p>
        {viewer && <SignOut name={viewer.name} />}
      </header>
      {viewer?.seenBy && <p className="banner" role="status">{words.held.seenBy(viewer.seenBy.name)}</p>}
      <main id="content" tabIndex={-1}>{children}</main>
      <footer><Languages /></footer>
    </>
  );
}

/** The hash names the screen, so the link must not be followed. */
function skip(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function SignOut({ name }: { name: string }) {
  const { renew } = useVisiting();
  const { words } = usePortal();
  const [{ fetching }, signOut] = useMutation(SignOutDocument);
  const leave = async () => {
    await signOut({});
    go(HOME);
    renew();
  };
  return (
    <p className="person">
      <span>{name}</span>
      <button type="button" className="plain" disabled={fetching} onClick={leave}>{words.signIn.out}</button>
    </p>
  );
}

function Languages() {
  const { facts, words } = usePortal();
  const { speak } = useVisiting();
  if (facts.languages.length < 2) return null;
  return (
    <label>
      {words.language}{" "}
      <select value={facts.language} onChange={(event) => speak(event.target.value)}>
        {facts.languages.map((each) => <option key={each} value={each} lang={each}>{nameOf(each)}</option>)}
      </select>
    </label>
  );
}

/** What a language calls itself. */
function nameOf(language: string): string {
  return new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
}
