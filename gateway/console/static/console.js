"use strict";

const settings = JSON.parse(document.getElementById("settings").textContent);
const signIn = document.getElementById("sign-in");
const signOut = document.getElementById("sign-out");
const trouble = document.getElementById("trouble");

function send(parameters, headers, accept, signal) {
  return fetch("/graphql", {
    method: "POST",
    credentials: "same-origin",
    headers: {
      ...headers,
      "Accept": accept,
      "Content-Type": "application/json",
      "X-Ventanilla-Request": "console",
    },
    body: JSON.stringify(parameters),
    signal,
  });
}

async function ask(parameters, headers) {
  return (await send(parameters, headers, "application/graphql-response+json")).json();
}

function operationIn(document, name) {
  const found = document ? document.definitions.filter((node) => node.kind === "OperationDefinition") : [];
  const meant = found.find((node) => !name || (node.name && node.name.value === name));
  return meant ? meant.operation : "query";
}

function run(parameters, { headers, documentAST } = {}) {
  const accept = streamOf(parameters.query, operationIn(documentAST, parameters.operationName));
  return accept ? streamed((signal) => send(parameters, headers, accept, signal)) : ask(parameters, headers);
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

// The manual leads here with a document behind the hash: it opens in a tab of its own.
function readyDocument() {
  const said = new URLSearchParams(location.hash.slice(1));
  return said.has("query") ? { query: said.get("query"), variables: said.get("variables") || "" } : null;
}

const ready = readyDocument();
offerPeople();
function enterAsNamed() {
  const email = decodeURIComponent(location.hash.slice(1));
  if (!email || ready) return;
  history.replaceState(null, "", location.pathname);
  enterAs(settings.signIns.find((person) => person.email === email));
}

// GraphiQL keeps what was typed in the browser and begins with that: a first visit finds the home query there, with what
// this manager can be asked. Where the browser keeps nothing, the first tab is given as it is.
function begin({ query, variables }) {
  try {
    if (localStorage.getItem("graphiql:tabState")) return;
    localStorage.setItem("graphiql:query", query);
    localStorage.setItem("graphiql:variables", variables);
  } catch (error) {
    console.info("The browser keeps nothing of this page.", error);
  }
}

begin(settings.firstTab);
showViewer()
  .then(enterAsNamed)
  .catch(() => complain("The gateway does not answer. Is it still running?"));
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: run,
    defaultTabs: [settings.firstTab],
    ...ready,
    defaultEditorToolsVisibility: "variables",
    shouldPersistHeaders: false,
  }),
);
