// <recollect-search>: a search box with results as you type and cited answers, for any page. No framework, no build
// step, nothing from elsewhere: it speaks to one Recollect server. Attributes and events: see the documentation.

import { events, shown } from "./answer.js";
import { glass, link, make, marked, placeOf, safeUrl } from "./dom.js";
import { labelsFor } from "./labels.js";
import { css } from "./style.js";

const OWN_SERVER = new URL("..", import.meta.url).href;
const DELAY_MS = 120;
const ANNOUNCE_MS = 500;
const MAX_SECTIONS = 3;
const MAX_RECENT = 5;
const RECENT = "recollect-recent";
const SIZE = 6;

let sheet;
let count = 0;

function styles() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}

class RecollectSearch extends HTMLElement {
  static observedAttributes = ["mode", "lang", "placeholder", "answers", "facets", "page"];

  #root = this.attachShadow({ mode: "open", delegatesFocus: true });
  #id = ++count;
  #words = {};
  #say;
  #parts = {};
  #active = -1;
  #typed = "";
  #session = "";
  #chosen = new Map();
  #timer = 0;
  #telling = 0;
  #searching;
  #answering;
  #listening;

  // --- What a page may do with it ---------------------------------------------------------------------------------

  /** Own words in place of the box's: { placeholder: "Search the manual" }. */
  get labels() {
    return this.#words;
  }

  set labels(words) {
    this.#words = words || {};
    if (this.isConnected) this.#build();
  }

  /** Whether results are shown. */
  get isOpen() {
    return this.#isModal ? Boolean(this.#parts.dialog?.open) : this.#parts.panel?.hidden === false;
  }

  open() {
    if (this.#isModal && !this.isOpen) {
      this.#parts.dialog.showModal();
      this.#parts.input.select();
      this.#showRecent();
      this.#emit("recollect-toggle", { isOpen: true });
    }
    this.#parts.input.focus();
  }

  close() {
    if (this.#isModal) this.#parts.dialog.close();
    else this.#hide();
  }

  /** Search for a text, as if it had been typed. */
  search(text) {
    this.open();
    this.#parts.input.value = text;
    this.#typed = text;
    return this.#search();
  }

  // --- Life -------------------------------------------------------------------------------------------------------

  connectedCallback() {
    this.#root.adoptedStyleSheets = [styles()];
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("keydown", (event) => this.#onShortcut(event), { signal });
    document.addEventListener("pointerdown", (event) => {
      if (!this.#isModal && !event.composedPath().includes(this)) this.#hide();
    }, { signal });
    this.#build();
  }

  disconnectedCallback() {
    this.#listening?.abort();
    this.#stop();
  }

  attributeChangedCallback(_, before, after) {
    if (before !== after && this.#parts.input) this.#build();
  }

  get #isModal() {
    return this.getAttribute("mode") === "modal";
  }

  get #answers() {
    return this.getAttribute("answers") !== "false";
  }

  #url(path) {
    return new URL(path, new URL(this.getAttribute("server") || OWN_SERVER, location.href));
  }

  #build() {
    this.#stop();
    const language = this.lang || this.closest("[lang]")?.lang || document.documentElement.lang || navigator.language;
    const { say, isRightToLeft } = labelsFor(language, this.#words);
    this.#say = say;
    const hint = this.getAttribute("placeholder") || say("placeholder");
    const ids = { list: `list-${this.#id}`, input: `input-${this.#id}`, answer: `answer-${this.#id}` };
    const input = make("input", {
      id: ids.input, type: "search", name: "q", role: "combobox", part: "input", dir: "auto", placeholder: hint,
      "aria-label": hint, "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": ids.list,
      autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search", maxlength: "1000",
      oninput: () => this.#onInput(), onkeydown: (event) => this.#onKey(event), onfocus: () => this.#showRecent(),
    });
    const form = make("form", { role: "search", part: "form", onsubmit: (event) => this.#onSubmit(event) }, glass(), input);
    const list = make("div", { id: ids.list, role: "listbox", part: "list", "aria-label": say("results"), onclick: (event) => this.#onClick(event), onauxclick: (event) => this.#onClick(event) });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    const answer = make("section", { class: "answer", part: "answer", "aria-label": say("answer") });
    const chips = make("div", { class: "chips", part: "filters", role: "group", "aria-label": say("filters") });
    const note = make("div", { class: "note", part: "note" });
    const foot = make("div", { class: "foot", part: "foot" });
    const panel = make("div", { class: "panel", part: "panel" }, answer, chips, note, list, foot);
    const status = make("div", { class: "off", role: "status", "aria-live": "polite" });
    const box = make("div", { class: this.#isModal ? "modal" : "inline", dir: isRightToLeft ? "rtl" : undefined });
    this.#parts = { input, form, list, answer, chips, note, foot, panel, status };
    if (this.#isModal) {
      const shortcut = this.#shortcuts[0];
      const opener = make("button", { type: "button", class: "opener", part: "button", "aria-haspopup": "dialog", onclick: () => this.open() },
        glass(), make("span", {}, say("search")), shortcut && make("kbd", { "aria-hidden": "true" }, shownKeys(shortcut)));
      form.append(make("button", { type: "button", class: "plain", part: "close", onclick: () => this.close() }, say("close")));
      const dialog = make("dialog", { part: "dialog", "aria-label": say("search"), onclose: () => this.#onClosed() }, form, panel, status);
      dialog.addEventListener("click", (event) => event.target === dialog && this.close());
      this.#parts.dialog = dialog;
      box.append(opener, dialog);
    } else {
      panel.hidden = true;
      box.append(form, panel, status);
      box.addEventListener("focusout", (event) => {
        if (!box.contains(event.relatedTarget)) this.#hide();
      });
    }
    this.#root.replaceChildren(box);
  }

  #stop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#telling);
    this.#searching?.abort();
    this.#answering?.abort();
  }

  #emit(name, detail, options = {}) {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, ...options }));
  }

  #announce(text) {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => { this.#parts.status.textContent = text; }, ANNOUNCE_MS);
  }

  // --- Keys -------------------------------------------------------------------------------------------------------

  get #shortcuts() {
    const given = this.getAttribute("shortcut") ?? (this.#isModal ? "Ctrl+K /" : "");
    return given.split(/\s+/).filter(Boolean);
  }

  #onShortcut(event) {
    if (event.defaultPrevented || event.isComposing || this.isOpen && this.#isModal) return;
    if (!this.#shortcuts.some((shortcut) => isPressed(shortcut, event))) return;
    if (event.composedPath()[0]?.closest?.("input, textarea, select, [contenteditable]:not([contenteditable=false])")) return;
    event.preventDefault();
    this.open();
  }

  #onKey(event) {
    if (event.isComposing) return;
    const options = this.#options;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.altKey) {
      event.preventDefault();
      if (!options.length) return;
      this.#show();
      // One step past either end leads back to what was typed.
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#activate(((this.#active + 1 + step + options.length + 1) % (options.length + 1)) - 1);
    } else if (event.key === "Enter" && this.#active >= 0) {
      event.preventDefault();
      this.#follow(options[this.#active], event.ctrlKey || event.metaKey || event.shiftKey);
    } else if (event.key === "Escape") {
      if (this.#isModal || this.isOpen) {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      } else if (this.#parts.input.value) {
        event.preventDefault();
        this.#parts.input.value = this.#typed = "";
      }
    }
  }

  get #options() {
    return [...this.#parts.list.querySelectorAll("[role=option]")];
  }

  #activate(index) {
    const { input } = this.#parts;
    const options = this.#options;
    options[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const option = options[index];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  #onClick(event) {
    const option = event.target.closest("[role=option]");
    if (!option || event.button > 1) return;
    event.preventDefault();
    this.#follow(option, event.button === 1 || event.ctrlKey || event.metaKey || event.shiftKey);
  }

  #follow(option, isElsewhere) {
    if (option.dataset.query) {
      this.#parts.input.value = this.#typed = option.dataset.query;
      return void this.#search();
    }
    const url = option.getAttribute("href");
    if (!url) return;
    this.#remember(this.#typed);
    if (!this.#emit("recollect-open", { url, query: this.#typed }, { cancelable: true })) return;
    if (isElsewhere) return void window.open(url, "_blank", "noopener");
    location.assign(url);
    this.close();
  }

  // --- Results ----------------------------------------------------------------------------------------------------

  #onInput() {
    this.#typed = this.#parts.input.value;
    this.#activate(-1);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), DELAY_MS);
  }

  #show() {
    this.#parts.panel.hidden = false;
    this.#parts.input.setAttribute("aria-expanded", String(this.#options.length > 0));
  }

  #hide() {
    if (this.#isModal || this.#parts.panel.hidden) return;
    this.#activate(-1);
    this.#parts.panel.hidden = true;
    this.#parts.input.setAttribute("aria-expanded", "false");
    this.#emit("recollect-toggle", { isOpen: false });
  }

  #onClosed() {
    this.#stop();
    this.#clear();
    this.#session = "";
    this.#parts.answer.replaceChildren();
    this.#emit("recollect-toggle", { isOpen: false });
  }

  #clear() {
    const { list, note, foot, chips } = this.#parts;
    this.#active = -1;
    for (const part of [list, note, foot, chips]) part.replaceChildren();
    this.#parts.input.removeAttribute("aria-activedescendant");
    this.#parts.input.setAttribute("aria-expanded", "false");
  }

  async #get(url, options) {
    const key = this.getAttribute("key");
    const response = await fetch(url, { credentials: "omit", ...options, headers: { ...options.headers, ...(key && { "X-API-Key": key }) } });
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.error?.what || this.#say("failed"));
  }

  #scoped(url) {
    for (const name of ["site", "path", "language", "source"]) {
      for (const value of (this.getAttribute(name) || "").split(/\s+/).filter(Boolean)) url.searchParams.append(name, value);
    }
    for (const [name, values] of this.#chosen) {
      url.searchParams.delete(name);
      for (const value of values) url.searchParams.append(name, value);
    }
    return url;
  }

  async #search() {
    this.#searching?.abort();
    clearTimeout(this.#timer);
    const query = this.#typed.trim();
    if (!query) {
      this.#clear();
      this.#showRecent();
      return;
    }
    const { signal } = (this.#searching = new AbortController());
    const url = this.#scoped(this.#url("api/v1/search"));
    url.searchParams.set("q", query);
    url.searchParams.set("size", this.getAttribute("size") || SIZE);
    for (const facet of this.#facets) url.searchParams.append("facet", facet);
    this.#emit("recollect-search", { query });
    try {
      const data = await (await this.#get(url, { signal })).json();
      this.#showResults(query, data);
    } catch (error) {
      if (error.name !== "AbortError") this.#fail(error);
    }
  }

  get #facets() {
    return (this.getAttribute("facets") || "").split(/\s+/).filter(Boolean);
  }

  #fail(error) {
    this.#clear();
    const text = error instanceof TypeError ? this.#say("failed") : error.message;
    this.#parts.note.textContent = text;
    this.#announce(text);
    this.#show();
  }

  #showResults(query, data) {
    this.#clear();
    const { list, note, foot } = this.#parts;
    list.replaceChildren(...data.hits.map((hit) => this.#group(hit)));
    this.#options.forEach((option, index) => { option.id = `option-${this.#id}-${index}`; });
    const told = data.total === 0 ? this.#say("nothing", { q: query })
      : data.total === 1 ? this.#say("foundOne") : this.#say("found", { n: data.total.toLocaleString(this.lang || undefined) });
    if (!data.total) note.textContent = told;
    else foot.append(make("span", {}, this.#canAsk(query) ? this.#say("ask") : told), this.#pageLink(query));
    this.#showFacets(data.facets || {});
    this.#announce(told);
    this.#show();
    this.#emit("recollect-results", { query, total: data.total, hits: data.hits });
  }

  #canAsk(query) {
    return this.#answers && query.split(/\s+/).length > 1;
  }

  #pageLink(query) {
    const page = this.getAttribute("page") ?? this.#url("").href;
    if (!page) return "";
    const url = new URL(page, location.href);
    url.searchParams.set("q", query);
    return link(url.href, this.#say("all"), { part: "all" });
  }

  // A page and, below it, its sections that match, too.
  #group(hit) {
    const headings = hit.heading_path.filter((heading) => heading !== hit.title);
    const first = this.#option(hit.link, "", [
      make("span", { class: "title", dir: "auto" }, hit.title || hit.url),
      make("span", { class: "place", dir: "auto" }, [...(headings.length ? [headings.at(-1)] : []), placeOf(hit.url)].join(" · ")),
      make("span", { class: "snippet", dir: "auto" }, ...marked(hit.snippet)),
    ]);
    const seen = new Set([hit.link, hit.url]);
    const sections = hit.more.filter((more) => more.heading_path.length && !seen.has(more.link) && seen.add(more.link)).slice(0, MAX_SECTIONS)
      .map((more) => this.#option(more.link, "section", [make("span", { dir: "auto" }, more.heading_path.at(-1))]));
    return make("div", { role: "group", part: "page", "aria-label": hit.title || hit.url }, first, ...sections);
  }

  #option(url, kind, children) {
    return make("a", { role: "option", tabindex: "-1", class: kind, part: `option ${kind}`.trim(), "aria-selected": "false", href: safeUrl(url) || undefined }, ...children);
  }

  #showFacets(facets) {
    const { chips } = this.#parts;
    for (const name of this.#facets) {
      const chosen = this.#chosen.get(name) || [];
      for (const { value, count: found } of (facets[name] || []).slice(0, 5)) {
        const isOn = chosen.includes(value);
        if ((facets[name] || []).length < 2 && !isOn) continue;
        chips.append(make("button", { type: "button", "aria-pressed": String(isOn), onclick: () => {
          this.#chosen.set(name, isOn ? chosen.filter((one) => one !== value) : [...chosen, value]);
          this.#parts.input.focus();
          this.#search();
        } }, `${value} (${found})`));
      }
    }
  }

  // --- Recent searches: kept in this browser alone, and only where the page asks for it -------------------------------

  #recent() {
    try {
      return this.hasAttribute("recent") ? JSON.parse(localStorage.getItem(RECENT) || "[]") : [];
    } catch {
      return [];
    }
  }

  #remember(query) {
    if (!this.hasAttribute("recent") || !query.trim()) return;
    try {
      localStorage.setItem(RECENT, JSON.stringify([query, ...this.#recent().filter((one) => one !== query)].slice(0, MAX_RECENT)));
    } catch {
      // A browser that keeps nothing still searches.
    }
  }

  #showRecent() {
    if (this.#typed.trim()) {
      if (this.#options.length) this.#show();
      return;
    }
    const recent = this.#recent();
    if (!recent.length) return;
    const options = recent.map((query, index) =>
      make("div", { role: "option", id: `option-${this.#id}-${index}`, "aria-selected": "false", "data-query": query, dir: "auto" }, query));
    this.#parts.list.replaceChildren(make("div", { role: "group", "aria-label": this.#say("recent") }, ...options));
    this.#show();
  }

  // --- Answers ----------------------------------------------------------------------------------------------------

  #onSubmit(event) {
    event.preventDefault();
    this.#typed = this.#parts.input.value;
    const query = this.#typed.trim();
    if (!query) return;
    this.#remember(query);
    this.#search();
    if (this.#canAsk(query)) this.#ask(query);
  }

  async #ask(question) {
    this.#answering?.abort();
    const { signal } = (this.#answering = new AbortController());
    const { answer } = this.#parts;
    const url = this.#scoped(this.#url("api/v1/answer"));
    url.searchParams.set("q", question);
    // One conversation for as long as the box is open, so that follow-ups are understood.
    this.#session ||= newSession();
    url.searchParams.set("session", this.#session);
    const text = make("p", { dir: "auto" }, this.#say("searching"));
    answer.replaceChildren(make("h2", {}, this.#say("answer")), make("p", { class: "asked", dir: "auto" }, question), text);
    answer.ariaBusy = "true";
    this.#show();
    let said = "";
    try {
      const response = await this.#get(url, { signal, headers: { Accept: "text/event-stream" } });
      for await (const { name, data } of events(response.body)) {
        if (name === "chunk") text.textContent = said += data.text;
        else if (name === "error") throw new Error(data.what);
        else if (name === "done") this.#showAnswer(question, text, data);
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      text.textContent = error instanceof TypeError ? this.#say("failed") : error.message;
      this.#announce(text.textContent);
    } finally {
      if (!signal.aborted) answer.ariaBusy = "false";
    }
  }

  #showAnswer(question, text, data) {
    this.#emit("recollect-answer", { question, answer: data });
    if (data.refused || !data.answer) {
      text.textContent = this.#say("noAnswer");
      this.#announce(text.textContent);
      return;
    }
    text.replaceWith(...shown(data, { say: this.#say, announce: (words) => this.#announce(words) }));
    this.#announce(`${this.#say("answer")}: ${data.answer}`);
  }
}

function newSession() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isPressed(shortcut, event) {
  const keys = shortcut.toLowerCase().split("+");
  const key = keys.pop() || "+";
  const wantsControl = keys.includes("ctrl") || keys.includes("cmd");
  return event.key.toLowerCase() === key && wantsControl === (event.ctrlKey || event.metaKey)
    && keys.includes("alt") === event.altKey && (!keys.length || keys.includes("shift") === event.shiftKey);
}

function shownKeys(shortcut) {
  return /mac|iphone|ipad/i.test(navigator.platform) ? shortcut.replace(/ctrl\+/i, "⌘") : shortcut;
}

if (!customElements.get("recollect-search")) customElements.define("recollect-search", RecollectSearch);
