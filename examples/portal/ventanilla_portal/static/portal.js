// What a page does beyond links and forms. Every page works without it, but for passkeys and links of letters.

// -- live: what the gateway tells over SSE makes an element ask for itself anew -----------------------------------------
const GUARD = { "X-Ventanilla-Request": "portal", Accept: "text/event-stream", "Content-Type": "application/json" };
const watched = new WeakSet();

async function watch(element) {
  if (watched.has(element)) return;
  watched.add(element);
  for (let pause = 1; element.isConnected && !ended(element); pause = Math.min(pause * 2, 30)) {
    try {
      const body = JSON.stringify({ query: element.dataset.live, variables: JSON.parse(element.dataset.variables || "{}") });
      const answer = await fetch("/graphql", { method: "POST", headers: GUARD, body });
      if (!answer.ok || !answer.body) throw new Error(answer.statusText);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done && element.isConnected && !ended(element); part = await reader.read()) {
        pause = 1;
        if (part.value.includes("event: next")) htmx.trigger(element, "told");
        if (part.value.includes("event: complete")) return;
      }
      await reader.cancel();
    } catch {
      // It asks every few seconds besides, so nothing is missed.
    }
    await new Promise((done) => setTimeout(done, pause * 1000));
  }
}

// -- links of letters: what stands behind # goes into the form, and is never sent on to another page --------------------
function takeFragment(root) {
  const field = root.querySelector("[data-fragment]");
  if (!field || !location.hash) return;
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
  root.querySelectorAll("[data-needs-fragment]").forEach((each) => (each.hidden = false));
  root.querySelectorAll("[data-lacks-fragment]").forEach((each) => (each.hidden = true));
  if (field.dataset.fragment === "send") field.form.requestSubmit();
}

// -- passwords: the rules are ticked off while one types ----------------------------------------------------------------
const RULES = {
  minLength: (text, value) => [...text].length >= Number(value),
  requireDigit: (text) => /\p{Nd}/u.test(text),
  requireUpper: (text) => /\p{Lu}/u.test(text),
  requireLower: (text) => /\p{Ll}/u.test(text),
  requireSymbol: (text) => /[^\p{L}\p{N}]/u.test(text),
};

function tickRules(input) {
  for (const rule of document.querySelectorAll(`[data-rules-of="${input.name}"] [data-rule]`)) {
    const met = RULES[rule.dataset.rule](input.value, rule.dataset.value);
    rule.classList.toggle("on", met);
    rule.classList.toggle("off", !met);
    rule.querySelector("use").setAttribute("href", rule.querySelector("use").getAttribute("href").replace(/#.*/, met ? "#tick" : "#ring"));
  }
}

// -- small things ---------------------------------------------------------------------------------------------------
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-rules]")) tickRules(event.target);
});

document.addEventListener("submit", (event) => {
  const sure = event.submitter?.dataset.sure;
  if (sure && !confirm(sure)) return event.preventDefault();
  if (!event.target.matches("[hx-post], [hx-get], [data-download]")) event.submitter?.classList.add("is-busy");
});

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    copy.dataset.copied = "";
    if (copy.dataset.says) copy.querySelector("span").textContent = copy.dataset.says;
  }
  if (event.target.closest("[data-print]")) print();
  const show = event.target.closest("[data-show-password]");
  if (show) {
    const input = document.getElementById(show.dataset.showPassword);
    input.type = input.type === "password" ? "text" : "password";
    show.setAttribute("aria-pressed", String(input.type === "text"));
  }
  const close = event.target.closest("[data-close]");
  if (close) close.closest("dialog, [popover]")?.[close.closest("dialog") ? "close" : "hidePopover"]();
  const open = event.target.closest("[data-open]");
  if (open) document.getElementById(open.dataset.open)?.showModal();
});

// What htmx asked for did not come: it is said where the page has words for it, in a block of its own.
for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
  document.body.addEventListener(failed, (event) => {
    const lost = event.detail.elt.closest("[data-live]") ? null : document.querySelector("[data-lost]");
    if (lost) lost.hidden = false;
  });
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) document.querySelectorAll("[data-lost]").forEach((each) => (each.hidden = true));
});

// What is asked for every few seconds is shown anew only where it has changed, so that nobody loses their place or is
// told the same again; and what has come to its end is not asked for any more.
const shown = new WeakMap();
const ended = (element) => element.querySelector("[data-ended]");
const repeats = (element) => element.matches("[hx-trigger^=every]");
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (repeats(event.detail.elt) && ended(event.detail.elt)) event.preventDefault();
});
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse } = event.detail;
  if (!repeats(target)) return;
  if (shown.get(target) === serverResponse) event.detail.shouldSwap = false;
  shown.set(target, serverResponse);
});

// What may be asked for again only later counts its seconds down: data-after is when, and the words have a place for them.
function countDown(button) {
  const rest = button.querySelector("[data-seconds]");
  const tick = () => {
    const left = Math.ceil((Date.parse(button.dataset.after) - Date.now()) / 1000);
    button.disabled = left > 0;
    rest.textContent = left > 0 ? ` (${left} s)` : "";
    if (left > 0 && button.isConnected) setTimeout(tick, 1000);
  };
  tick();
}

// A page that the browser kept shows its buttons as they were left.
addEventListener("pageshow", () => document.querySelectorAll(".is-busy").forEach((each) => each.classList.remove("is-busy")));

function prepare(root) {
  root.querySelectorAll(".tabs [aria-current]").forEach((each) => each.scrollIntoView({ block: "nearest", inline: "center" }));
  if (root.matches?.("[data-live]")) watch(root);
  root.querySelectorAll("[data-live]").forEach(watch);
  takeFragment(root);
  root.querySelectorAll("[data-rules]").forEach(tickRules);
  root.querySelectorAll("[data-after]").forEach(countDown);
}

prepare(document.body);
document.body.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
