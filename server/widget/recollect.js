// <recollect-search>: a search box with results as you type and cited answers, for any page. No framework, no build
// step, nothing from elsewhere: it speaks to one Recollect server. Attributes and events: see the documentation.

import { Conversation, why } from "./conversation.js";
import { glass, link, make, unquoted } from "./dom.js";
import { isPressed, isTyped, shownKeys } from "./keys.js";
import { labelsFor } from "./labels.js";
import { forget, recentSearches, remember } from "./recent.js";
import { chips, correction, group, queries, unfold } from "./results.js";
import { Server } from "./server.js";
import { css } from "./style.js";

const OWN_SERVER = new URL("..", import.meta.url).href;
const DELAY_MS = 120;
const ANNOUNCE_MS = 500;
/** What is longer begins no title, and the server refuses it. */
const MAX_PREFIX_CHARS = 100;
const SIZE = { inline: 6, modal: 6, page: 20 };
const SCOPES = ["site", "path", "language", "source"];

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
  static observedAttributes = ["mode", "lang", "placeholder", "answers", "facets", "page", "server", "key"];

  #root = this.attachShadow({ mode: "open", delegatesFocus: true });
  #id = ++count;
  #own = {};
  #say;
  #language = "en";
  #server;
  #talk;
  #parts = {};
  #active = -1;
  #typed = "";
  #chosen = new Map();
  #timer = 0;
  #telling = 0;
  #searching;
  #listening;

  // --- What a page may do with it ---------------------------------------------------------------------------------

  /** Own words in place of the box's: { placeholder: "Search the manual" }. */
  get labels() {
    return this.#own;
  }

  set labels(words) {
    this.#own = words || {};
    if (this.isConnected) this.#build();
  }

  /** Whether results are shown. */
  get isOpen() {
    return this.#mode === "modal" ? Boolean(this.#parts.dialog?.open) : this.#parts.panel?.hidden === false;
  }

  open() {
    if (this.#mode === "modal" && !this.isOpen) {
      this.#parts.dialog.showModal();
      this.#parts.input.select();
      this.#showRecent();
      this.#emit("recollect-toggle", { isOpen: true });
    }
    this.#parts.input.focus();
  }

  close() {
    if (this.#mode !== "modal") return this.#hide();
    this.#parts.dialog.close();
    // Where nothing had the focus before, browsers leave it in the closed dialog until they paint anew.
    if (this.#parts.dialog.contains(this.#root.activeElement)) this.#root.activeElement.blur();
  }

  /** Search for a text, as if it had been typed. */
  search(text) {
    this.open();
    this.#type(text);
    return this.#search();
  }

  /** Search for a question and ask it. */
  ask(question) {
    const searched = this.search(question);
    return Promise.all([searched, this.#talk.ask(question.trim())]).then(() => {});
  }

  // --- Life -------------------------------------------------------------------------------------------------------

  connectedCallback() {
    this.#root.adoptedStyleSheets = [styles()];
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("keydown", (event) => this.#onShortcut(event), { signal });
    document.addEventListener("pointerdown", (event) => {
      if (!event.composedPath().includes(this)) this.#hide();
    }, { signal });
    this.#build();
    const wanted = this.#mode === "page" && new URLSearchParams(location.search).get("q");
    if (wanted) {
      this.#type(wanted);
      this.#submit();
    }
  }

  disconnectedCallback() {
    this.#listening?.abort();
    this.#stop();
  }

  attributeChangedCallback(_, before, after) {
    if (before !== after && this.#parts.input) this.#build();
  }

  get #mode() {
    const mode = this.getAttribute("mode");
    return mode in SIZE ? mode : "inline";
  }

  get #answers() {
    return this.getAttribute("answers") !== "false";
  }

  get #reports() {
    return this.getAttribute("report") !== "false";
  }

  #list(attribute) {
    return (this.getAttribute(attribute) || "").split(/\s+/).filter(Boolean);
  }

  #build() {
    this.#stop();
    this.#active = -1;
    this.#language = this.lang || this.closest("[lang]")?.lang || document.documentElement.lang || navigator.language;
    const { say, isRightToLeft } = labelsFor(this.#language, this.#own);
    this.#say = say;
    this.#server = new Server({ address: this.getAttribute("server") || OWN_SERVER, key: this.getAttribute("key"), failed: say("failed") });
    const hint = this.getAttribute("placeholder") || say("placeholder");
    const ids = { list: `list-${this.#id}`, input: `input-${this.#id}` };
    const input = make("input", {
      id: ids.input, type: "search", name: "q", role: "combobox", part: "input", dir: "auto", placeholder: hint,
      "aria-label": hint, "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": ids.list,
      autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search", maxlength: "1000",
      oninput: () => this.#onInput(), onkeydown: (event) => this.#onKey(event), onfocus: () => this.#showRecent(),
    });
    const form = make("form", { role: "search", part: "form", onsubmit: (event) => this.#onSubmit(event) }, glass(), input);
    const list = make("div", { id: ids.list, role: "listbox", part: "list", "aria-label": say("results"), onclick: (event) => this.#onClick(event), onauxclick: (event) => this.#onClick(event) });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    const answer = make("section", { class: "answer", part: "answer", "aria-label": say("answer"), onclick: (event) => this.#onSource(event) });
    const filters = make("div", { class: "chips", part: "filters", role: "group", "aria-label": say("filters") });
    const note = make("div", { class: "note", part: "note" });
    const foot = make("div", { class: "foot", part: "foot" });
    const panel = make("div", { class: "panel", part: "panel" }, answer, note, filters, list, foot);
    const status = make("div", { class: "off", role: "status", "aria-live": "polite" });
    const box = make("div", { class: this.#mode, dir: isRightToLeft ? "rtl" : "ltr" });
    this.#parts = { input, form, list, answer, filters, note, foot, panel, status };
    this.#talk = this.#conversation(answer);
    if (this.#mode === "modal") {
      box.append(...this.#inDialog(form, panel, status));
    } else {
      panel.hidden = true;
      box.append(form, panel, status);
      box.addEventListener("focusout", (event) => {
        if (!box.contains(event.relatedTarget)) this.#hide();
      });
    }
    this.#root.replaceChildren(box);
  }

  #inDialog(form, panel, status) {
    const [shortcut] = this.#shortcuts;
    const opener = make("button", { type: "button", class: "opener", part: "button", "aria-haspopup": "dialog", onclick: () => this.open() },
      glass(), make("span", {}, this.#say("search")), shortcut && make("kbd", { "aria-hidden": "true" }, shownKeys(shortcut)));
    form.append(make("button", { type: "button", class: "plain", part: "close", onclick: () => this.close() }, this.#say("close")));
    const dialog = make("dialog", { part: "dialog", "aria-label": this.#say("search"), onclose: () => this.#onClosed() }, form, panel, status);
    dialog.addEventListener("click", (event) => event.target === dialog && this.close());
    this.#parts.dialog = dialog;
    return [opener, dialog];
  }

  #conversation(place) {
    const announce = (text) => {
      // What the answer says is not said below it, too.
      if (this.#parts.note.textContent === text) this.#parts.note.replaceChildren();
      this.#announce(text);
    };
    return new Conversation(place, { say: this.#say, announce }, {
      request: (question, session, signal) => {
        this.#show();
        return this.#server.get(this.#scoped(this.#server.url("api/v1/answer", { q: question, session })), { signal, accept: "text/event-stream" });
      },
      judged: async (question, answer, isUseful) => {
        this.#emit("recollect-feedback", { question, answer, isUseful });
        return !this.#reports || this.#server.tell("api/v1/feedback", { query: question, url: answer.citations[0]?.url ?? "", useful: isUseful });
      },
      choose: (question) => this.ask(question),
      done: (question, answer) => {
        const { input } = this.#parts;
        input.placeholder = this.#say("followUp");
        // What is typed next takes the question's place.
        if (input.value.trim() === question && this.#root.activeElement === input) input.select();
        this.#emit("recollect-answer", { question, answer });
      },
    });
  }

  #stop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#telling);
    this.#searching?.abort();
    this.#talk?.stop();
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
    return this.hasAttribute("shortcut") ? this.#list("shortcut") : this.#mode === "modal" ? ["Ctrl+K", "/"] : [];
  }

  #onShortcut(event) {
    if (event.defaultPrevented || event.isComposing || this.isOpen && this.#mode === "modal" || isTyped(event)) return;
    if (!this.#shortcuts.some((shortcut) => isPressed(shortcut, event))) return;
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
      if (this.isOpen && this.#mode !== "page") {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      } else if (this.#parts.input.value) {
        event.preventDefault();
        this.#type("");
      }
    }
  }

  get #options() {
    return [...this.#parts.list.querySelectorAll("[role=option]:not([hidden])")];
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
    if (option.dataset.query) return void this.search(option.dataset.query);
    if (option.classList.contains("more")) return this.#unfold(option);
    const url = option.getAttribute("href");
    if (!url) return;
    this.#remember(this.#typed);
    const pages = [...this.#parts.list.querySelectorAll("[part=page]")];
    if (!this.#opens(url, this.#typed.trim(), pages.indexOf(option.parentNode) + 1)) return;
    if (isElsewhere) return void window.open(url, "_blank", "noopener");
    location.assign(url);
    this.close();
  }

  #unfold(more) {
    const place = this.#options.indexOf(more);
    this.#activate(-1);
    unfold(more);
    this.#number();
    this.#activate(place);
  }

  // A link of the answer: the browser opens it, unless the page wants otherwise.
  #onSource(event) {
    const source = event.target.closest("a[href]");
    if (source && !this.#opens(source.href, this.#typed.trim())) event.preventDefault();
  }

  // Tells the page, which may keep it from being opened, and the server; `position` counts the results from 1, 0 is none.
  #opens(url, query, position = 0) {
    if (!this.#emit("recollect-open", { url, query }, { cancelable: true })) return false;
    if (this.#reports) this.#server.tell("api/v1/click", { query, url, position });
    return true;
  }

  // --- Results ----------------------------------------------------------------------------------------------------

  #type(text) {
    this.#parts.input.value = this.#typed = text;
  }

  #onInput() {
    this.#typed = this.#parts.input.value;
    this.#activate(-1);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search({ isUnfinished: true }), DELAY_MS);
  }

  #show() {
    this.#parts.panel.hidden = false;
    this.#parts.input.setAttribute("aria-expanded", String(this.#options.length > 0));
  }

  #hide() {
    if (this.#mode !== "inline" || this.#parts.panel.hidden) return;
    this.#activate(-1);
    this.#parts.panel.hidden = true;
    this.#parts.input.setAttribute("aria-expanded", "false");
    this.#emit("recollect-toggle", { isOpen: false });
  }

  #onClosed() {
    this.#stop();
    this.#clear();
    this.#talk.forget();
    this.#parts.input.placeholder = this.#parts.input.ariaLabel;
    this.#emit("recollect-toggle", { isOpen: false });
  }

  #clear() {
    const { list, note, foot, filters, input } = this.#parts;
    this.#active = -1;
    for (const part of [list, note, foot, filters]) part.replaceChildren();
    input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-expanded", "false");
  }

  #scoped(url) {
    for (const name of SCOPES) {
      for (const value of this.#chosen.get(name) ?? this.#list(name)) url.searchParams.append(name, value);
    }
    for (const [name, values] of this.#chosen) {
      if (!SCOPES.includes(name)) for (const value of values) url.searchParams.append("meta", `${name.replace("metadata.", "")}=${value}`);
    }
    return url;
  }

  async #search({ isUnfinished = false, corrects = true } = {}) {
    this.#searching?.abort();
    clearTimeout(this.#timer);
    const query = this.#typed.trim();
    if (!query) {
      this.#clear();
      this.#showRecent();
      return;
    }
    const { signal } = (this.#searching = new AbortController());
    const url = this.#scoped(this.#server.url("api/v1/search", {
      q: query, size: this.getAttribute("size") || SIZE[this.#mode], facet: this.#list("facets"),
      ...(isUnfinished && { unfinished: true }), ...(!corrects && { corrects: false }),
    }));
    this.#emit("recollect-search", { query });
    try {
      const [found, suggested] = await Promise.all([this.#server.get(url, { signal }), this.#suggested(query, signal)]);
      this.#showResults(query, await found.json(), suggested);
    } catch (error) {
      if (!signal.aborted) this.#fail(query, error);
    }
  }

  async #suggested(prefix, signal) {
    const size = Number(this.getAttribute("suggestions"));
    if (!size || prefix.length > MAX_PREFIX_CHARS) return [];
    const { suggestions } = await (await this.#server.get(this.#server.url("api/v1/suggest", { q: prefix, size }), { signal })).json();
    return suggestions.filter((text) => text.toLowerCase() !== prefix.toLowerCase());
  }

  #fail(query, error) {
    this.#clear();
    const text = why(error, this.#say);
    if (this.#talk.failure(query) !== text) this.#parts.note.textContent = text;
    this.#announce(text);
    this.#show();
  }

  #showResults(query, data, suggested) {
    // The focus waits in the field while its filter is made anew.
    const refocused = this.#root.activeElement?.dataset.value;
    if (refocused) this.#parts.input.focus();
    this.#clear();
    const { list, note, foot, filters } = this.#parts;
    list.replaceChildren(...data.hits.map((hit) => group(hit, this.#say)));
    if (suggested.length) list.append(queries(suggested, this.#say("suggestions")));
    this.#number();
    const told = data.total === 0 ? this.#say("nothing", { q: unquoted(query) })
      : data.total === 1 ? this.#say("foundOne") : this.#say("found", { n: data.total.toLocaleString(this.#language) });
    const search = (text, corrects) => {
      this.#type(text);
      this.#search({ corrects });
      this.#parts.input.focus();
    };
    note.append(...correction(data, { say: this.#say, search }), ...(data.total ? [] : [told]));
    if (data.total) foot.append(make("span", {}, this.#canAsk(query) ? this.#say("ask") : told), this.#pageLink(query));
    filters.append(...chips(data.facets, this.#chosen, { language: this.#language, toggle: (field, value) => this.#toggle(field, value) }));
    this.#announce([note.textContent, data.total && told].filter(Boolean).join(" "));
    this.#show();
    [...filters.children].find((chip) => chip.dataset.value === refocused)?.focus();
    this.#emit("recollect-results", { query, total: data.total, hits: data.hits });
  }

  #number() {
    this.#options.forEach((option, index) => { option.id = `option-${this.#id}-${index}`; });
  }

  #canAsk(query) {
    return this.#answers && query.split(/\s+/).length > 1;
  }

  #pageLink(query) {
    if (this.#mode === "page") return "";
    const page = this.getAttribute("page") ?? this.#server.url("").href;
    if (!page) return "";
    const url = new URL(page, location.href);
    url.searchParams.set("q", query);
    return link(url.href, this.#say("all"), { part: "all" });
  }

  #toggle(field, value) {
    const chosen = this.#chosen.get(field) || [];
    const left = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    if (left.length) this.#chosen.set(field, left);
    else this.#chosen.delete(field);
    this.#search();
  }

  // --- Recent searches --------------------------------------------------------------------------------------------

  #remember(query) {
    if (this.hasAttribute("recent") && query.trim()) remember(query.trim());
  }

  #showRecent() {
    if (this.#typed.trim()) {
      if (this.#options.length) this.#show();
      return;
    }
    const recent = this.hasAttribute("recent") ? recentSearches() : [];
    if (!recent.length) return;
    this.#clear();
    this.#parts.list.append(queries(recent, this.#say("recent")));
    this.#parts.foot.append(make("button", { type: "button", class: "plain", onclick: () => {
      forget();
      this.#clear();
      this.#parts.input.focus();
    } }, this.#say("forget")));
    this.#number();
    this.#show();
  }

  // --- Questions --------------------------------------------------------------------------------------------------

  #onSubmit(event) {
    event.preventDefault();
    this.#typed = this.#parts.input.value;
    this.#submit();
  }

  #submit() {
    const query = this.#typed.trim();
    if (!query) return;
    this.#remember(query);
    if (this.#mode === "page") {
      const url = new URL(location.href);
      url.searchParams.set("q", query);
      history.replaceState(history.state, "", url);
    }
    this.#search();
    if (this.#canAsk(query)) this.#talk.ask(query);
  }
}

if (!customElements.get("recollect-search")) customElements.define("recollect-search", RecollectSearch);
