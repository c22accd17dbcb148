"use strict";

const EVERY_MS = 2500;
const letters = document.getElementById("letters");
const news = document.querySelector(".news");
let newest = document.body.dataset.newest;

function offerCopies(within) {
  for (const button of within.querySelectorAll("[data-copies]")) button.hidden = false;
}

function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copies);
  const label = button.firstChild;
  try {
    await navigator.clipboard.writeText(source.textContent);
    label.data = "Copied";
  } catch (error) {
    select(source);
    label.data = "Selected";
  }
  setTimeout(() => { label.data = "Copy"; }, 2000);
}

// The list is taken from the page as it is now; the open letter, the focus and where one has scrolled to stay.
function show(fresh) {
  const focused = letters.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const before = letters.scrollHeight;
  letters.replaceChildren(...fresh.childNodes);
  offerCopies(letters);
  for (const link of letters.querySelectorAll("li a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    if (link.getAttribute("href") === focused) link.focus({ preventScroll: true });
  }
  if (letters.scrollTop) letters.scrollTop += letters.scrollHeight - before;
  const subject = letters.querySelector(".subject");
  news.textContent = subject ? `New letter: ${subject.textContent}` : "";
}

async function look() {
  if (document.hidden) return;
  const answer = await fetch("/mailbox", { cache: "no-store", headers: { "If-None-Match": newest } });
  if (answer.status !== 200) return;
  newest = answer.headers.get("ETag");
  show(new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("letters"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copies]");
  if (button) copy(button);
});
offerCopies(document);
setInterval(() => look().catch((error) => console.info("The gateway does not answer.", error)), EVERY_MS);
