// Making a passkey: the gateway says what is asked, the browser makes it, the form brings it back.
const form = document.getElementById("new-passkey");
const told = document.getElementById("passkey-told");

class Unable extends Error {}

async function asked() {
  const answer = await fetch(location.pathname, {
    method: "POST",
    headers: { "HX-Request": "true", "X-Block": "asked" },
    body: new URLSearchParams({ do: "passkey_ask", passkeyName: form.elements.passkeyName.value }),
  });
  if (!answer.ok) throw new TypeError(answer.statusText);
  return JSON.parse(await answer.text());
}

async function make() {
  if (!globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON) throw new Unable();
  const { ticket, options } = await asked();
  if (options) {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options));
    const credential = await navigator.credentials.create({ publicKey });
    form.elements.ticket.value = ticket;
    form.elements.response.value = JSON.stringify(credential.toJSON());
    form.elements.do.value = "passkey_add";
  }
  // What was refused is asked for once more by the form itself, whose page says why.
  form.submit();
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  told.hidden = true;
  try {
    await make();
  } catch (error) {
    const said = error instanceof Unable ? form.dataset.unable : error instanceof DOMException ? form.dataset.unused : form.dataset.lost;
    told.textContent = said;
    told.hidden = false;
    event.submitter?.classList.remove("is-busy");
  }
});
