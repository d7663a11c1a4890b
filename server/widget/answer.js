// The answer, on the search page and in the search box alike: streamed while it is made, then shown with its blocks, its
// numbers and its sources. `say` puts words to it, `announce` tells those who do not see it.

import { link, make, placeOf } from "./dom.js";

// Server-sent events, read with fetch so that a key can be sent and leaving stops them.
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const frames = (waiting + value).split("\n\n");
    waiting = frames.pop();
    for (const frame of frames) {
      const lines = frame.split("\n");
      const take = (field) => lines.filter((line) => line.startsWith(field)).map((line) => line.slice(field.length));
      const data = take("data: ").join("\n");
      if (data) yield { name: take("event: ")[0], data: JSON.parse(data) };
    }
  }
}

// Puts the text in place of what waits for it in `turn` as it comes, and returns the finished answer.
export async function streamed(body, turn) {
  const text = make("p", { class: "text", part: "answer-text", dir: "auto" });
  for await (const { name, data } of events(body)) {
    if (name === "chunk") {
      if (!text.parentNode) turn.querySelector(".waiting").replaceWith(text);
      text.textContent += data.text;
    } else if (name === "error") {
      throw new Error(data.what);
    } else if (name === "done") {
      return data;
    }
  }
  throw new TypeError("the answer broke off");
}

// Everything of one finished answer. The server shows the same in search.html where there is no script.
export function shown(answer, { say, announce }) {
  const sources = new Map();
  const blocks = answer.blocks || [];
  // A source is numbered when it is first named.
  const mark = (cited) => {
    if (!sources.has(cited.document_id)) sources.set(cited.document_id, cited);
    const number = [...sources.keys()].indexOf(cited.document_id) + 1;
    return make("sup", {}, link(cited.url, String(number), { "aria-label": say("source", { n: number }) }));
  };
  const text = make("p", { class: "text", part: "answer-text", dir: "auto" }, ...sentences(answer, mark));
  // A list or code as plain text is shown as what it is, below.
  const isHeld = (cited) => blocks.some((block) => block.kind !== "paragraph" && block.document_id === cited.document_id
    && block.start_char <= cited.start_char && cited.end_char <= block.end_char);
  const isBlock = answer.is_quoted && answer.citations.every(isHeld);
  const told = (block) => block.kind === "paragraph" && block.text.trim().replace(/\s+/g, " ") === answer.answer;
  const place = (block) => block && [block.document_id, ...block.heading_path].join("\n");
  const parts = blocks.filter((block) => !told(block)).map((block, i, all) =>
    shownBlock(block, place(all[i - 1]) !== place(block) && mark, { say, announce }));
  return [
    answer.short ? make("p", { class: "short", part: "answer-short", dir: "auto" }, answer.short) : "",
    isBlock ? "" : text,
    ...parts,
    sourceList([...sources.values()], say),
    answer.old_since ? make("p", { class: "old" }, say("old", { date: answer.old_since })) : "",
  ].filter(Boolean);
}

// What the question leaves open, each as a question of its own; `leading({ label, question })` makes what leads there.
export function choices({ alternatives = [] }, say, leading) {
  if (!alternatives.length) return [];
  const name = say("choices");
  return [make("div", { class: "chips choices", part: "choices", role: "group", "aria-label": name }, make("span", {}, name), ...alternatives.map(leading))];
}

// Where to look instead of an answer that there is none.
export function closest(answer) {
  return make("ul", { class: "sources", part: "closest" }, ...answer.closest.map((page) =>
    make("li", {}, link(page.url, page.title || page.url, { dir: "auto" }), " ",
      make("span", { class: "place", dir: "auto" }, headings(page).join(" › ")))));
}

// The headings without a first one that the title says already: "Guide" under "Guide - Example".
export function headings({ heading_path: path = [], title = "" }) {
  const [first = "", ...rest] = path;
  const isSaid = title.toLowerCase().startsWith(first.toLowerCase()) && /^\s*($|[-–—|:·•])/.test(title.slice(first.length));
  return isSaid ? rest : path;
}

// The text with a number after each cited sentence. Offsets count characters, not UTF-16 units.
function sentences(answer, mark) {
  const characters = [...answer.answer];
  const parts = [];
  let end = 0;
  for (const citation of answer.citations) {
    if (citation.answer_end_char > end) {
      parts.push(characters.slice(end, citation.answer_end_char).join(""));
      end = citation.answer_end_char;
    }
    parts.push(mark(citation));
  }
  parts.push(characters.slice(end).join(""));
  return parts;
}

function sourceList(cited, say) {
  return make("ol", { class: "sources", part: "sources", "aria-label": say("sources") }, ...cited.map((one) =>
    make("li", {}, link(one.url, one.title || one.url, { dir: "auto" }), " ",
      make("span", { class: "place" }, make("bdi", {}, placeOf(one.url)), one.modified_at && make("time", {}, one.modified_at.slice(0, 10))))));
}

function shownBlock(block, mark, { say, announce }) {
  const rest = block.left_out ? say("more", { n: block.left_out }) : block.is_cut ? say("rest") : "";
  return make("section", { class: "block", part: "block", dir: "auto" },
    mark ? make("h3", {}, headings(block).join(" › ") || block.title, mark(block)) : "",
    block.lead && make("p", {}, block.lead),
    body(block, { say, announce }),
    rest && make("p", { class: "rest" }, link(block.url, rest)));
}

function body(block, { say, announce }) {
  switch (block.kind) {
    case "list":
    case "steps":
      return list(block);
    case "table":
      return table(block, say);
    case "code":
      return code(block, { say, announce });
    case "definition":
      return make("dl", {}, make("dt", {}, block.term), make("dd", {}, block.text));
    default:
      return make("p", { class: "quoted" }, block.text);
  }
}

function list({ kind, items }) {
  return make(kind === "steps" ? "ol" : "ul", {},
    ...items.map((item) => make("li", { class: item.depth ? "deep" : undefined, value: item.number }, item.text)));
}

function table(block, say) {
  const head = block.columns && make("thead", {}, make("tr", {}, ...block.columns.map((name) => make("th", { scope: "col" }, name))));
  const rows = block.rows.map((row) => make("tr", {}, ...row.map((cell) => make("td", {}, cell))));
  // What can be scrolled can be reached by keyboard, too.
  const name = block.lead || headings(block).join(" › ") || say("table");
  return make("div", { class: "table", tabindex: "0", role: "group", "aria-label": name }, make("table", {}, head, make("tbody", {}, ...rows)));
}

function code(block, { say, announce }) {
  const frame = make("div", { class: "code" },
    make("pre", { tabindex: "0", role: "group", "aria-label": block.language || say("code") }, make("code", {}, block.text)));
  offerCopy(frame, { say, announce });
  return frame;
}

// A button beside code; where a page may not write to the clipboard, it selects the code instead.
export function offerCopy(frame, { say, announce }) {
  const text = frame.querySelector("code");
  async function copy() {
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = say("copied");
      announce(say("copied"));
    } catch {
      getSelection()?.selectAllChildren(text);
    }
  }
  const button = make("button", { type: "button", class: "copy", onclick: copy }, say("copy"));
  frame.append(button);
}
