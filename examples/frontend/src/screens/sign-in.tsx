// Signing in with a password. The session is a cookie: this page never sees it.
import { useState, type SyntheticEvent } from "react";
import { useMutation } from "urql";
import { useVisiting } from "../connection";
import { graphql } from "../graphql";
import { Refusal, Trouble } from "../parts/status";
import { usePortal } from "../portal";
import { problemOf } from "../problems";

const SignInDocument = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      viewer {
        name
      }
      userErrors {
        reason
        message
      }
    }
  }
`);

export function SignInScreen() {
  const { facts, words } = usePortal();
  const { visit } = useVisiting();
  const texts = new Map(facts.texts.map(({ key, body }) => [key, body]));
  return (
    <div className="narrow">
      <h1>{texts.get("welcome_title") ?? words.signIn.title}</h1>
      {visit.ended ? <p className="note" role="status">{words.signIn.over}</p> : <p>{texts.get("welcome_body")}</p>}
      {facts.signInWays.includes("PASSWORD") ? <Form /> : <p className="note">{words.signIn.notOffered}</p>}
      <p className="small">{texts.get("sign_in_help")}</p>
    </div>
  );
}

function Form() {
  const { words } = usePortal();
  const { renew } = useVisiting();
  const [shown, setShown] = useState(false);
  const [empty, setEmpty] = useState(false);
  const [{ data, error, fetching }, signIn] = useMutation(SignInDocument);

  const submit = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const input = { email: String(form.get("email")).trim(), password: String(form.get("password")) };
    setEmpty(!input.email || !input.password);
    if (fetching || !input.email || !input.password) return;
    const answer = await signIn({ input });
    if (answer.data?.signIn.viewer) renew();
  };

  const refused = fetching || empty ? [] : (data?.signIn.userErrors ?? []);
  return (
    <form className="card" onSubmit={submit} noValidate>
      <label htmlFor="email">{words.signIn.email}</label>
      <input id="email" name="email" type="text" inputMode="email" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
      <label htmlFor="password">{words.signIn.password}</label>
      <input id="password" name="password" type={shown ? "text" : "password"} autoComplete="current-password" required />
      <label className="check">
        <input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />
        {words.signIn.show}
      </label>
      {empty && <Refusal errors={[{ message: words.signIn.empty }]} />}
      {refused.length > 0 && <Refusal errors={refused} />}
      {error && !fetching && <Trouble problem={problemOf(error, words)} words={words} />}
      <button type="submit" aria-disabled={fetching}>{fetching ? words.signIn.doing : words.signIn.do}</button>
    </form>
  );
}
