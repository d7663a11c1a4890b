// What was found, as options of a list box: pages, each with its sections that match, too.

import { headings } from "./answer.js";
import { make, marked, placeOf, safeUrl } from "./dom.js";

const MAX_SECTIONS = 3;
const MAX_VALUES = 5;

export function group(hit, say) {
  const heading = headings(hit).at(-1);
  const first = option(hit.link, "", [
    make("span", { class: "title", dir: "auto" }, hit.title || hit.url),
    make("span", { class: "place", dir: "auto" }, [heading, placeOf(hit.url)].filter(Boolean).join(" · ")),
    make("span", { class: "snippet", dir: "auto" }, ...marked(hit.snippet)),
  ]);
  const seen = new Set([hit.link, hit.url]);
  const sections = hit.more.filter((more) => more.heading_path.length && !seen.has(more.link) && seen.add(more.link)).slice(0, MAX_SECTIONS)
    .map((more) => option(more.link, "section", [make("span", { dir: "auto" }, more.heading_path.at(-1))]));
  return make("div", { role: "group", part: "page", "aria-label": hit.title || hit.url }, first, ...sections, ...alike(hit.similar || [], say));
}

// Pages that say the same are shown once that is chosen.
function alike(similar, say) {
  if (!similar.length) return [];
  const pages = similar.map((one) => option(one.link, "section", [make("span", { dir: "auto" }, one.title || one.url), make("span", { class: "place" }, placeOf(one.url))]));
  for (const page of pages) page.hidden = true;
  return [make("div", { role: "option", class: "section more", "aria-selected": "false" }, say("similar", { n: pages.length })), ...pages];
}

export function unfold(more) {
  for (const page of more.parentNode.querySelectorAll("[hidden]")) page.hidden = false;
  more.hidden = true;
}

// A list of texts to search for; `role=group` names it for those who do not see it.
export function queries(texts, label) {
  return make("div", { role: "group", "aria-label": label, part: "queries" },
    ...texts.map((text) => make("div", { role: "option", "aria-selected": "false", "data-query": text, dir: "auto" }, text)));
}

function option(url, kind, children) {
  return make("a", { role: "option", tabindex: "-1", class: kind, part: `option ${kind}`.trim(), "aria-selected": "false", href: safeUrl(url) || undefined }, ...children);
}

// What was searched for instead of what was typed, or may be meant by it; `search(text, corrects)` is what the buttons do.
export function correction({ corrections: [first] = [], query }, { say, search }) {
  if (!first) return [];
  const choose = (name, text, corrects) => {
    const [before, after] = say(name, { q: "\n" }).split("\n");
    return [before, make("button", { type: "button", class: "link", dir: "auto", onclick: () => search(text, corrects) }, text), after];
  };
  if (!first.applied) return [make("p", { part: "correction" }, ...choose("meant", first.query, true))];
  return [make("p", { part: "correction" }, ...choose("instead", first.query, true), " ", ...choose("asTyped", query, false))];
}

// A button for each value; a field with a single one would narrow nothing. `chosen` maps fields to values.
export function chips(facets, chosen, { language, toggle }) {
  return Object.entries(facets).flatMap(([field, values]) => {
    const on = chosen.get(field) || [];
    const isOn = (value) => on.includes(value);
    if (values.length < 2 && !values.some(({ value }) => isOn(value))) return [];
    return values.slice(0, MAX_VALUES).map(({ value, count }) =>
      make("button", { type: "button", "aria-pressed": String(isOn(value)), "data-value": `${field} ${value}`, onclick: () => toggle(field, value) },
        make("bdi", {}, field === "language" ? languageName(value, language) : value), ` (${count})`));
  });
}

function languageName(code, language) {
  try {
    return new Intl.DisplayNames([language], { type: "language" }).of(code);
  } catch {
    return code;
  }
}
