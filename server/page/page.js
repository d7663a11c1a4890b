// The search page's comfort: suggestions, results without a page load, a streamed answer. All of it works without too.

const input = document.getElementById("q");
const form = document.getElementById("form");
const list = document.getElementById("suggestions");
const status = document.getElementById("status");
const narrow = matchMedia("(max-width: 67.99rem)");
const SUGGEST_DELAY_MS = 120;

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
  list.replaceChildren(...texts.map((text, index) => {
    const option = document.createElement("li");
    option.id = `suggestion-${index}`;
    option.role = "option";
    option.dir = "auto";
    option.setAttribute("aria-selected", "false");
    option.append(...emphasised(text));
    option.dataset.text = text;
    return option;
  }));
  list.hidden = texts.length === 0;
  chosen = -1;
  input.setAttribute("aria-expanded", String(texts.length > 0));
  input.removeAttribute("aria-activedescendant");
  if (texts.length) say(`${texts.length} suggestion${texts.length === 1 ? "" : "s"}`);
}

// What was typed stays light; what a suggestion adds stands out.
function emphasised(text) {
  const at = text.toLowerCase().indexOf(typed.trim().toLowerCase());
  if (at < 0) return [text];
  const end = at + typed.trim().length;
  return [bold(text.slice(0, at)), text.slice(at, end), bold(text.slice(end))].filter((part) => part.textContent !== "");
}

function bold(text) {
  const element = document.createElement("b");
  element.textContent = text;
  return element;
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
  say(fresh.getElementById("status").textContent);
  settle();
}

function say(text) {
  status.textContent = text;
}

// What every fresh page of results needs, the first one too.
function settle() {
  const filters = document.querySelector("aside details");
  if (filters) filters.open = !narrow.matches;
  const answer = document.querySelector("#answer[data-source]");
  if (answer) streamAnswer(answer);
  offerCopies(document);
}

// --- Answer: server-sent events, read with fetch so that leaving the page stops them -----------------------------

let answering = null;

async function streamAnswer(section) {
  answering?.abort();
  answering = new AbortController();
  const text = document.createElement("p");
  text.className = "text";
  text.dir = "auto";
  // The place is kept from the start, so that results do not jump when the answer comes.
  section.hidden = false;
  section.ariaBusy = "true";
  try {
    const response = await fetch(section.dataset.source, {
      signal: answering.signal,
      headers: { Accept: "text/event-stream" },
    });
    if (!response.ok) return;
    for await (const { name, data } of events(response.body)) {
      if (name === "chunk") {
        if (!text.isConnected) section.querySelector(".waiting").replaceWith(text);
        text.textContent += data.text;
      } else if (name === "done") {
        showAnswer(section, text, data);
      }
    }
  } catch (error) {
    if (error.name !== "AbortError") console.warn("No answer:", error);
  } finally {
    section.ariaBusy = null;
    // An answer that broke off is no answer.
    section.dataset.state ??= "none";
    section.hidden = section.dataset.state === "none";
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (waiting + value).split("\n\n");
    waiting = blocks.pop();
    for (const block of blocks) {
      const lines = block.split("\n");
      const take = (field) => lines.filter((line) => line.startsWith(field)).map((line) => line.slice(field.length));
      const data = take("data: ").join("\n");
      if (data) yield { name: take("event: ")[0], data: JSON.parse(data) };
    }
  }
}

function showAnswer(section, text, answer) {
  if (answer.refused || !answer.answer) return showRefusal(section, answer);
  section.dataset.state = "shown";
  const blocks = answer.blocks ?? [];
  // Offsets count characters, not UTF-16 units.
  const characters = [...answer.answer];
  const sources = new Map();
  const parts = [];
  let end = 0;
  for (const citation of answer.citations) {
    if (citation.answer_end_char > end) {
      parts.push(characters.slice(end, citation.answer_end_char).join(""));
      end = citation.answer_end_char;
    }
    parts.push(mark(sources, citation));
  }
  parts.push(characters.slice(end).join(""));
  text.replaceChildren(...parts);
  if (!text.isConnected) section.querySelector(".waiting").replaceWith(text);
  if (answer.short) text.before(element("p", answer.short, "short"));
  // A list or code as plain text is shown as what it is, below.
  if (answer.is_quoted && blocks.length && blocks[0].kind !== "paragraph") text.remove();
  const told = (block) => block.kind === "paragraph" && block.text.split(/\s+/).join(" ") === answer.answer;
  section.append(...blocks.filter((block) => !told(block)).map((block) => blockOf(block, sources)));
  section.append(sourceList([...sources.values()]));
  if (answer.old_since) section.append(element("p", `None of these pages was changed after ${answer.old_since}.`, "old"));
  offerCopies(section);
  say(`${status.textContent} ${[answer.short, answer.answer].filter(Boolean).join(". ")}`);
}

// A question is told that there is no answer, and where to look; other words are but searched for.
function showRefusal(section, answer) {
  if (!("asked" in section.dataset) || !answer.closest.length) return;
  section.dataset.state = "refused";
  const { pages, passages } = answer.read;
  const told = element("p", `No answer found. ${answer.reason}. ${passages} passages of the ${pages} best pages were read; the closest:`, "refused");
  const list = element("ul", "", "sources");
  list.append(...answer.closest.map((page) => {
    const item = document.createElement("li");
    const title = link(page.url, page.title || page.url);
    title.dir = "auto";
    item.append(title, " ", element("span", underTitle(page).join(" › "), "place"));
    return item;
  }));
  section.querySelector(".waiting").remove();
  section.append(told, list);
  say(`${status.textContent} ${told.textContent}`);
}

function underTitle({ heading_path: path, title }) {
  return path[0] === title ? path.slice(1) : path;
}

// The number of a source, which is counted when it is first named.
function mark(sources, cited) {
  if (!sources.has(cited.document_id)) sources.set(cited.document_id, cited);
  const number = [...sources.keys()].indexOf(cited.document_id) + 1;
  const raised = document.createElement("sup");
  raised.append(link(cited.url, String(number)));
  raised.firstChild.ariaLabel = `Source ${number}`;
  return raised;
}

function element(tag, text = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

// A part of a page as what it is there; the server renders the same in search.html.
function blockOf(block, sources) {
  const section = element("section", "", "block");
  section.dir = "auto";
  const heading = element("h3", underTitle(block).join(" › "));
  heading.append(mark(sources, block));
  section.append(heading);
  if (block.lead) section.append(element("p", block.lead));
  section.append(bodyOf(block));
  if (block.left_out || block.is_cut) {
    const rest = element("p", "", "rest");
    rest.append(link(block.url, block.left_out ? `${block.left_out} more on the page` : "More on the page"));
    section.append(rest);
  }
  return section;
}

function bodyOf(block) {
  if (block.kind === "list" || block.kind === "steps") {
    const list = document.createElement(block.kind === "steps" ? "ol" : "ul");
    list.append(...block.items.map((item) => {
      const made = element("li", item.text, item.depth ? "deep" : "");
      if (item.number !== null) made.value = item.number;
      return made;
    }));
    return list;
  }
  if (block.kind === "table") return tableOf(block);
  if (block.kind === "code") {
    const pre = document.createElement("pre");
    pre.tabIndex = 0;
    pre.append(element("code", block.text));
    return pre;
  }
  if (block.kind === "definition") {
    const list = document.createElement("dl");
    list.append(element("dt", block.term), element("dd", block.text));
    return list;
  }
  return element("p", block.text, "quoted");
}

function tableOf(block) {
  const frame = element("div", "", "table");
  frame.tabIndex = 0;
  frame.role = "region";
  frame.ariaLabel = block.lead || block.heading_path.join(" › ") || "Table";
  const table = document.createElement("table");
  if (block.columns) {
    const row = table.createTHead().insertRow();
    row.append(...block.columns.map((name) => {
      const cell = element("th", name);
      cell.scope = "col";
      return cell;
    }));
  }
  const body = table.createTBody();
  for (const cells of block.rows) body.insertRow().append(...cells.map((cell) => element("td", cell)));
  frame.append(table);
  return frame;
}

function offerCopies(within) {
  if (!navigator.clipboard) return;
  for (const pre of within.querySelectorAll(".block pre:not(:has(.copy))")) {
    const button = element("button", "Copy", "copy");
    button.type = "button";
    button.ariaLabel = "Copy code";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(pre.querySelector("code").textContent);
      button.textContent = "Copied";
      say("Copied");
    });
    pre.prepend(button);
  }
}

function sourceList(citations) {
  const sources = document.createElement("ol");
  sources.className = "sources";
  sources.append(...citations.map((citation) => {
    const item = document.createElement("li");
    const place = document.createElement("span");
    place.className = "place";
    place.textContent = placeOf(citation.url);
    if (citation.modified_at) place.append(element("time", citation.modified_at.slice(0, 10)));
    const title = link(citation.url, citation.title || citation.url);
    title.dir = "auto";
    item.append(title, " ", place);
    return item;
  }));
  return sources;
}

function placeOf(url) {
  const { host, pathname } = new URL(url);
  return [host, ...decodeURI(pathname).split("/").filter(Boolean)].join(" › ");
}

function link(url, text) {
  const anchor = document.createElement("a");
  // Only links that open a page: whatever an index holds, nothing here may run a script.
  if (/^(https?|file):/i.test(url)) anchor.href = url;
  anchor.textContent = text;
  return anchor;
}

settle();
