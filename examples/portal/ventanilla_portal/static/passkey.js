// Signing in with a passkey: at the press of a button, or as the browser offers it where the e-mail address is typed.
const form = document.getElementById("passkey");
const told = document.getElementById("passkey-told");
const email = document.querySelector("[autocomplete~=webauthn]");
const button = form?.querySelector("button");
const RENEW_MS = 4 * 60 * 1000; // what was asked is good for five minutes
let waiting = new AbortController();

async function asked() {
  const answer = await fetch(location.href, {
    method: "POST",
    headers: { "HX-Request": "true", "X-Block": "asked" },
    body: new URLSearchParams({ do: "ask_passkey" }),
  });
  if (!answer.ok) throw new Error(answer.statusText);
  return JSON.parse(await answer.text());
}

async function signed(mediation) {
  waiting.abort();
  waiting = new AbortController();
  const { signal } = waiting;
  const { ticket, options, userErrors } = await asked();
  if (!options) throw new Refused(userErrors[0]?.message);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options));
  const credential = await navigator.credentials.get({ publicKey, mediation, signal });
  form.elements.ticket.value = ticket;
  form.elements.response.value = JSON.stringify(credential.toJSON());
  form.submit();
}

class Refused extends Error {}

function tell(error) {
  const unused = error instanceof DOMException;
  told.textContent = error instanceof Refused ? error.message : unused ? form.dataset.unused : form.dataset.lost;
  told.hidden = false;
}

async function press() {
  told.hidden = true;
  button.classList.add("is-busy");
  try {
    await signed("required");
  } catch (error) {
    tell(error);
    button.classList.remove("is-busy");
  }
}

// Asked for when somebody begins to type, and anew before it is over; whoever chooses none is not told of errors.
async function offer() {
  const renewed = setTimeout(offer, RENEW_MS);
  try {
    await signed("conditional");
  } catch {
    clearTimeout(renewed);
  }
}

if (form && globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  form.hidden = false;
  button.addEventListener("click", press);
  const conditional = await PublicKeyCredential.isConditionalMediationAvailable?.();
  if (conditional && email) email.addEventListener("focus", offer, { once: true });
}
