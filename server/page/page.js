// The search page's comfort: suggestions, results without a page load, a streamed answer. All of it works without too.
// What is also in the search box for other sites is imported from there.

import { choices, closest, offerCopy, shown as shownAnswer, streamed } from "./answer.js";
import { Conversation, newSession } from "./conversation.js";
import { make } from "./dom.js";
import { feedback } from "./feedback.js";
import { EN, sayer } from "./words.js";

const input = document.getElementById("q");
const form = document.getElementById("form");
const list = document.getElementById("suggestions");
const status = document.getElementById("status");
const narrow = matchMedia("(max-width: 67.99rem)");
const SUGGEST_DELAY_MS = 120;
const telling = { say: sayer(EN), announce: tell };

document.documentElement.classList.add("js");

// --- Suggestions: W3C APG "Editable Combobox With List Autocomplete", no option chosen by itself -----------------

let typed = input.value;
let chosen = -1;
let suggestTimer = 0;
let suggesting = null;

Object.entries({
  role: "combobox",
  "aria-autocomplete": "list",
  "aria-expanded": "false",
  "aria-controls": list.id,
}).forEach(([name, value]) => input.setAttribute(name, value));

function closeList() {
  clearTimeout(suggestTimer);
  suggesting?.abort();
  list.hidden = true;
  list.replaceChildren();
  chosen = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function openList(texts) {
  list.replaceChildren(...texts.map((text, index) =>
    make("li", { id: `suggestion-${index}`, role: "option", dir: "auto", "aria-selected": "false", "data-text": text }, ...emphasised(text))));
  list.hidden = texts.length === 0;
  chosen = -1;
  input.setAttribute("aria-expanded", String(texts.length > 0));
  input.removeAttribute("aria-activedescendant");
  if (texts.length) tell(`${texts.length} suggestion${texts.length === 1 ? "" : "s"}`);
}

// What was typed stays light; what a suggestion adds stands out.
function emphasised(text) {
  const at = text.toLowerCase().indexOf(typed.trim().toLowerCase());
  if (at < 0) return [text];
  const end = at + typed.trim().length;
  const [before, typedHere, after] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
  return [before && make("b", {}, before), typedHere, after && make("b", {}, after)].filter(Boolean);
}

function choose(index) {
  // Who chooses must not have the list change under the hand.
  clearTimeout(suggestTimer);
  suggesting?.abort();
  const options = [...list.children];
  options[chosen]?.setAttribute("aria-selected", "false");
  chosen = index;
  const option = options[index];
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  input.value = option ? option.dataset.text : typed;
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

async function suggest() {
  suggesting?.abort();
  const prefix = typed.trim();
  if (!prefix) return closeList();
  suggesting = new AbortController();
  try {
    const url = `/api/v1/suggest?q=${encodeURIComponent(prefix)}`;
    const answer = await fetch(url, { signal: suggesting.signal });
    if (answer.ok && document.activeElement === input) openList((await answer.json()).suggestions);
  } catch (error) {
    if (error.name !== "AbortError") closeList();
  }
}

input.addEventListener("input", () => {
  typed = input.value;
  clearTimeout(suggestTimer);
  suggestTimer = setTimeout(suggest, SUGGEST_DELAY_MS);
});

input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const count = list.children.length;
  const isOpen = !list.hidden;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!isOpen) return void suggest();
    // One step past either end leads back to what was typed.
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(((chosen + 1 + step + count + 1) % (count + 1)) - 1);
  } else if (event.key === "Escape" && (isOpen || input.value)) {
    event.preventDefault();
    if (isOpen) {
      input.value = typed;
      closeList();
    } else {
      input.value = typed = "";
    }
  } else if (event.key === "Tab") {
    closeList();
  }
});

input.addEventListener("blur", closeList);
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (!option) return;
  input.value = typed = option.dataset.text;
  form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  input.focus();
  input.select();
});
document.querySelector(".hint").hidden = false;

// --- Results: the same page, fetched and put in place -----------------------------------------------------------

let loading = null;
let shown = location.search;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  closeList();
  typed = input.value;
  if (!input.value.trim()) return;
  go(`/?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value))}`);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-nav]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
  event.preventDefault();
  go(link.getAttribute("href"), { focusResults: true });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest(".hits a, #answer a");
  if (!link) return;
  const hits = [...document.querySelectorAll(".hits > li")];
  const place = hits.indexOf(link.closest(".hits > li"));
  report("click", { query: typed.trim(), url: link.href, position: place < 0 ? 0 : document.querySelector(".hits").start + place });
});

addEventListener("popstate", () => {
  // A step to another place of the same page, such as the skip link's, is the browser's own affair.
  if (location.search !== shown) go(location.href, { isBack: true });
});

async function go(url, { isBack = false, focusResults = false } = {}) {
  loading?.abort();
  loading = new AbortController();
  document.body.classList.add("busy");
  try {
    const response = await fetch(url, { signal: loading.signal, headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!fresh.getElementById("results")) throw new Error("not the search page");
    if (!isBack) history.pushState(null, "", url);
    shown = location.search;
    show(fresh, isBack);
    if (focusResults) document.getElementById("results").focus({ preventScroll: true });
    if (!isBack) scrollTo(0, 0);
  } catch (error) {
    // Whatever went wrong, the browser's own way still works and shows what it is.
    if (error.name !== "AbortError") location.assign(url);
    return;
  }
  document.body.classList.remove("busy");
}

function show(fresh, isBack) {
  document.title = fresh.title;
  document.body.className = fresh.body.className;
  document.getElementById("results").replaceWith(fresh.getElementById("results"));
  const wanted = fresh.getElementById("q").value;
  if (isBack || input.value !== wanted) input.value = typed = wanted;
  form.querySelectorAll("input[type=hidden]").forEach((field) => field.remove());
  form.append(...fresh.querySelectorAll("#form > input[type=hidden]"));
  tell(fresh.getElementById("status").textContent);
  settle();
}

function tell(text) {
  status.textContent = text;
}

// What every fresh page of results needs, the first one too.
function settle() {
  const filters = document.querySelector("aside details");
  if (filters) filters.open = !narrow.matches;
  const answer = document.querySelector("#answer[data-source]");
  if (answer) streamAnswer(answer);
  for (const code of document.querySelectorAll(".answer .code")) offerCopy(code, telling);
}

// --- Answer: server-sent events, read with fetch so that leaving the page stops them -----------------------------

let answering = null;

async function streamAnswer(section) {
  answering?.abort();
  answering = new AbortController();
  const { signal } = answering;
  const session = newSession();
  const question = input.value;
  // The place is kept from the start, so that results do not jump when the answer comes.
  section.hidden = false;
  section.ariaBusy = "true";
  try {
    const answer = await streamed((await ask(section.dataset.source, question, session, signal)).body, section);
    showAnswer(section, question, answer);
    if (section.dataset.state) converse(section, session);
  } catch (error) {
    if (!signal.aborted) console.warn("No answer:", error);
  } finally {
    section.ariaBusy = null;
    // An answer that broke off is no answer.
    section.dataset.state ??= "none";
    section.hidden = section.dataset.state === "none";
  }
}

async function ask(source, question, session, signal) {
  const url = new URL(source, location.href);
  url.searchParams.set("q", question);
  url.searchParams.set("session", session);
  const response = await fetch(url, { signal, headers: { Accept: "text/event-stream" } });
  if (response.ok) return response;
  throw new Error((await response.json().catch(() => ({}))).detail || telling.say("failed"));
}

// Tells the server what came of its answers and results; whether it was taken.
async function report(what, body) {
  const options = { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  return fetch(`/api/v1/${what}`, options).then(({ ok }) => ok, () => false);
}

function judged(query, answer, useful) {
  return report("feedback", { query, url: answer.citations[0]?.url ?? "", useful });
}

// Follow-ups, in the same place.
function converse(section, session) {
  const place = make("div", { class: "talk" });
  const field = make("input", { type: "search", dir: "auto", "aria-label": telling.say("followUp"), placeholder: telling.say("followUp"), maxlength: "10000", autocomplete: "off" });
  const talk = new Conversation(place, telling, {
    request: (question, session, signal) => ask(section.dataset.source, question, session, signal),
    judged, session, choose: (question) => talk.ask(question), done: () => {},
  });
  section.append(place, make("form", { class: "follow", onsubmit: (event) => {
    event.preventDefault();
    const question = field.value.trim();
    field.value = "";
    if (question) talk.ask(question);
  } }, field, make("button", {}, "Ask")));
}

function showAnswer(section, question, answer) {
  if (answer.refused || !answer.answer) return showRefusal(section, answer);
  section.dataset.state = "shown";
  section.querySelector(".waiting, .text").replaceWith(...shownAnswer(answer, telling), ...choices(answer, telling.say, narrowed),
    feedback({ ...telling, tell: (isUseful) => judged(question, answer, isUseful) }));
  tell(`${status.textContent} ${[answer.short, answer.answer].filter(Boolean).join(". ")}`);
}

// One of the questions that an answer leaves open, as a page of its own.
function narrowed({ label, question }) {
  const url = new URL(location.href);
  url.searchParams.set("q", question);
  url.searchParams.delete("page");
  return make("a", { href: url.search, "data-nav": "", dir: "auto" }, label);
}

// A question is told that there is no answer, and where to look; other words are but searched for.
function showRefusal(section, answer) {
  if (!("asked" in section.dataset) || !answer.closest.length) return;
  section.dataset.state = "refused";
  const { pages, passages } = answer.read;
  const told = `No answer found. ${answer.reason}. ${passages} passages of the ${pages} best pages were read; the closest:`;
  section.querySelector(".waiting, .text").replaceWith(make("p", { class: "refused" }, told), closest(answer));
  tell(`${status.textContent} ${told}`);
}

settle();
