"use strict";

// The manual reads without this: search, copying and one language at a time are what it adds.

const search = document.getElementById("docs-search");
const words = document.getElementById("docs-words");
const found = document.getElementById("docs-found");
const count = document.getElementById("docs-count");
const MOST = 30;
let entries;

async function load() {
  entries ??= fetch("/docs/search.json", { credentials: "omit" }).then((answer) => answer.json());
  return entries;
}

// Whole names come first, then beginnings, then what contains it; a word may also stand in the first sentence.
function rank([name, , , about], wanted) {
  const low = name.toLowerCase();
  const last = low.slice(low.lastIndexOf(".") + 1);
  if (low === wanted || last === wanted) return low === wanted ? 0 : 1;
  if (low.startsWith(wanted)) return 2;
  if (last.startsWith(wanted)) return 3;
  if (low.includes(wanted)) return 4;
  const each = wanted.split(/\s+/);
  return each.every((word) => low.includes(word) || about.toLowerCase().includes(word)) ? 5 : -1;
}

function matching(all, wanted) {
  const ranked = all.map((entry, place) => ({ entry, place, rank: rank(entry, wanted) })).filter((each) => each.rank >= 0);
  ranked.sort((one, other) => one.rank - other.rank || one.entry[0].length - other.entry[0].length || one.place - other.place);
  return ranked.map((each) => each.entry);
}

function row([name, kind, path, about], place) {
  const item = document.createElement("li");
  item.id = `docs-found-${place}`;
  item.role = "option";
  item.dataset.path = `/docs/${path}`;
  item.ariaSelected = "false";
  const [word, title, line] = ["i", "b", "small"].map((tag) => document.createElement(tag));
  [word.textContent, title.textContent, line.textContent] = [kind, name, about];
  item.append(word, title, line);
  return item;
}

function close() {
  found.hidden = true;
  words.ariaExpanded = "false";
  words.removeAttribute("aria-activedescendant");
}

async function look() {
  const wanted = words.value.trim().toLowerCase();
  if (!wanted) return close();
  const all = matching(await load(), wanted);
  if (wanted !== words.value.trim().toLowerCase()) return;
  found.replaceChildren(...all.slice(0, MOST).map(row));
  count.textContent = all.length === 0 ? "Nothing found" : `${all.length} found`;
  found.hidden = all.length === 0;
  words.ariaExpanded = String(!found.hidden);
  choose(0);
}

function choose(place) {
  const items = [...found.children];
  if (!items.length) return;
  const chosen = (place + items.length) % items.length;
  items.forEach((item, index) => (item.ariaSelected = String(index === chosen)));
  items[chosen].scrollIntoView({ block: "nearest" });
  words.setAttribute("aria-activedescendant", items[chosen].id);
}

function chosen() {
  return [...found.children].findIndex((item) => item.ariaSelected === "true");
}

function go(item) {
  if (!item) return;
  close();
  location.assign(item.dataset.path);
}

function press(event) {
  const keys = {
    ArrowDown: () => choose(chosen() + 1),
    ArrowUp: () => choose(chosen() - 1),
    Enter: () => go(found.children[chosen()]),
    Escape: close,
  };
  if (!keys[event.key] || found.hidden) return;
  event.preventDefault();
  keys[event.key]();
}

search.hidden = false;
words.addEventListener("focus", load, { once: true });
words.addEventListener("input", look);
words.addEventListener("keydown", press);
words.addEventListener("blur", () => setTimeout(close, 150));
found.addEventListener("mousedown", (event) => {
  event.preventDefault();
  go(event.target.closest("li"));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  words.focus();
});

const KEPT = "ventanilla:docs:language";

function remembered() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function remember(language) {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // The browser keeps nothing of this page: the choice lasts as long as the page.
  }
}

function show(language) {
  for (const example of document.querySelectorAll(".example.chosen")) {
    const panes = [...example.querySelectorAll(".code")];
    const shown = panes.find((pane) => pane.dataset.language === language) || panes[0];
    panes.forEach((pane) => (pane.hidden = pane !== shown));
    for (const button of example.querySelectorAll(".tongues button")) {
      button.ariaPressed = String(button.dataset.language === shown.dataset.language);
    }
  }
}

function tongues(example) {
  const panes = [...example.querySelectorAll(".code")];
  if (panes.length < 2) return;
  const choice = document.createElement("p");
  choice.className = "tongues";
  for (const pane of panes) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.language = pane.dataset.language;
    button.textContent = pane.querySelector("figcaption").textContent;
    button.addEventListener("click", () => {
      const before = example.getBoundingClientRect().top;
      remember(pane.dataset.language);
      show(pane.dataset.language);
      scrollBy(0, example.getBoundingClientRect().top - before);
    });
    choice.append(button);
  }
  example.prepend(choice);
  example.classList.add("chosen");
}

function copying(figure) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(figure.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  figure.append(button);
}

document.querySelectorAll(".example").forEach(tongues);
show(remembered() || "sh");
if (navigator.clipboard) document.querySelectorAll("figure.code").forEach(copying);
// On a phone the table of contents would stand before the text.
if (matchMedia("(max-width: 62rem)").matches) {
  document.querySelectorAll(".contents details").forEach((each) => (each.open = false));
}
