"use strict";

const settings = JSON.parse(document.getElementById("settings").textContent);
const signIn = document.getElementById("sign-in");
const signOut = document.getElementById("sign-out");
const trouble = document.getElementById("trouble");

async function ask(parameters, headers) {
  const answer = await fetch("/graphql", {
    method: "POST",
    credentials: "same-origin",
    headers: {
      ...headers,
      "Accept": "application/graphql-response+json",
      "Content-Type": "application/json",
      "X-Ventanilla-Request": "console",
    },
    body: JSON.stringify(parameters),
  });
  return answer.json();
}

function complain(message) {
  trouble.textContent = message || "";
  trouble.hidden = !message;
}

async function showViewer() {
  const { data } = await ask({ query: settings.viewerQuery });
  const viewer = data && data.viewer;
  signIn.hidden = Boolean(viewer);
  signOut.hidden = !viewer;
  document.getElementById("viewer").textContent = viewer ? viewer.name || viewer.email : "";
}

function refusalIn(answer, field) {
  if (answer.errors) return answer.errors[0].message;
  const problems = answer.data[field].userErrors || [];
  return problems.length ? problems[0].message : "";
}

function offerPeople() {
  const people = document.getElementById("people");
  people.hidden = settings.signIns.length === 0;
  settings.signIns.forEach((person, index) => people.querySelector("select").add(new Option(person.label, index)));
  people.querySelector("select").addEventListener("change", (event) => enterAs(settings.signIns[event.target.value]));
}

function enterAs(person) {
  if (!person) return;
  signIn.elements.email.value = person.email;
  signIn.elements.password.value = person.password;
  signIn.requestSubmit();
}

function guarded(action) {
  return async (event) => {
    event.preventDefault();
    try {
      complain(await action());
      await showViewer();
    } catch (error) {
      complain("The gateway does not answer. Is it still running?");
    }
  };
}

signIn.addEventListener("submit", guarded(async () => {
  const input = { email: signIn.elements.email.value, password: signIn.elements.password.value };
  const refusal = refusalIn(await ask({ query: settings.signInMutation, variables: { input } }), "signIn");
  if (!refusal) signIn.reset();
  return refusal;
}));

signOut.addEventListener("submit", guarded(async () => refusalIn(await ask({ query: settings.signOutMutation }), "signOut")));

offerPeople();
function enterAsNamed() {
  const email = decodeURIComponent(location.hash.slice(1));
  if (!email) return;
  history.replaceState(null, "", location.pathname);
  enterAs(settings.signIns.find((person) => person.email === email));
}

showViewer()
  .then(enterAsNamed)
  .catch(() => complain("The gateway does not answer. Is it still running?"));
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: (parameters, options) => ask(parameters, options && options.headers),
    defaultQuery: settings.defaultQuery,
    defaultEditorToolsVisibility: false,
    shouldPersistHeaders: false,
  }),
);
