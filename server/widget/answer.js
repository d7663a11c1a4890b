// The answer: streamed while it is made, then shown with its blocks, its numbers and its sources.

import { link, make, placeOf } from "./dom.js";

// Server-sent events, read with fetch so that a key can be sent and leaving stops them.
export async function* events(body) {
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

// Everything of one finished answer; `announce` tells those who do not see it.
export function shown(answer, { say, announce }) {
  const sources = new Map();
  for (const citation of answer.citations) {
    if (!sources.has(citation.document_id)) sources.set(citation.document_id, citation);
  }
  const documents = [...sources.keys()];
  const blocks = (answer.blocks || []).filter((block) => block.kind !== "paragraph" && block.kind !== "definition");
  const told = blocks.map(flat);
  // What the blocks show whole need not be said before them.
  const isShown = blocks.length > 0 && answer.citations.every((citation) => told.some((text) => text.includes(squeezed(citation.sentence))));
  return [
    isShown ? "" : make("p", { dir: "auto", part: "answer-text" }, ...sentences(answer, documents, say)),
    ...blocks.map((block) => make("div", { class: "block", part: "block" }, ...shownBlock(block, documents, { say, announce }))),
    make("h2", {}, say("sources")),
    make("ol", { class: "sources", part: "sources" }, ...[...sources.values()].map((citation) =>
      make("li", {}, link(citation.url, citation.title || citation.url, { dir: "auto" }), " ",
        make("span", { class: "note" }, placeOf(citation.url))))),
  ].filter(Boolean);
}

// All that a block shows, as one line.
function flat(block) {
  const items = (block.items || []).map((item) => item.text);
  const cells = [block.columns || [], ...(block.rows || [])].flat();
  return squeezed([block.lead, block.term, block.text, ...items, ...cells].filter(Boolean).join(" "));
}

function squeezed(text) {
  return text.replace(/\s+/g, " ").trim();
}

function number(document, url, documents, say) {
  const place = documents.indexOf(document) + 1;
  return place ? make("sup", {}, link(url, String(place), { "aria-label": say("source", { n: place }) })) : "";
}

// The text with a number after each cited sentence. Offsets count characters, not UTF-16 units.
function sentences(answer, documents, say) {
  const characters = [...answer.answer];
  const parts = [];
  let end = 0;
  for (const citation of answer.citations) {
    if (citation.answer_end_char > end) {
      parts.push(characters.slice(end, citation.answer_end_char).join(""));
      end = citation.answer_end_char;
    }
    parts.push(number(citation.document_id, citation.url, documents, say));
  }
  parts.push(characters.slice(end).join(""));
  return parts;
}

function shownBlock(block, documents, { say, announce }) {
  const mark = number(block.document_id, block.url, documents, say);
  const heading = block.lead || block.heading_path?.at(-1) || block.title || "";
  const lead = make("p", { class: "lead", dir: "auto" }, heading, mark);
  const rest = block.left_out ? make("p", { class: "note" }, link(block.url, `+ ${block.left_out}`)) : "";
  return [lead, body(block, { say, announce }), rest].filter(Boolean);
}

function body(block, { say, announce }) {
  switch (block.kind) {
    case "list":
    case "steps":
      return list(block.items || []);
    case "table":
      return table(block);
    case "code":
      return code(block, { say, announce });
    default:
      return make("p", { dir: "auto" }, block.text || "");
  }
}

// Items carry their depth; each deeper run is a list inside the item before it.
function list(items) {
  const tagOf = (item) => (item.number === null || item.number === undefined ? "ul" : "ol");
  const top = make(items.length ? tagOf(items[0]) : "ul", { dir: "auto" });
  const open = [{ list: top, depth: items.length ? items[0].depth : 0 }];
  for (const item of items) {
    while (open.length > 1 && item.depth < open.at(-1).depth) open.pop();
    let here = open.at(-1);
    if (item.depth > here.depth && here.list.lastElementChild) {
      const inner = make(tagOf(item));
      here.list.lastElementChild.append(inner);
      open.push({ list: inner, depth: item.depth });
      here = open.at(-1);
    }
    here.list.append(make("li", { value: item.number ?? undefined }, item.text));
  }
  return top;
}

function table(block) {
  const head = block.columns && make("thead", {}, make("tr", {}, ...block.columns.map((name) => make("th", { scope: "col" }, name))));
  const rows = (block.rows || []).map((row) => make("tr", {}, ...row.map((cell) => make("td", { dir: "auto" }, cell))));
  // What can be scrolled can be reached by keyboard, too.
  return make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": block.heading_path?.at(-1) || block.title || "" },
    make("table", {}, head, make("tbody", {}, ...rows)));
}

function code(block, { say, announce }) {
  const button = make("button", { type: "button", class: "plain", onclick: copy }, say("copy"));
  async function copy() {
    try {
      await navigator.clipboard.writeText(block.text);
      button.textContent = say("copied");
      announce(say("copied"));
    } catch {
      getSelection()?.selectAllChildren(text);
    }
  }
  const text = make("code", {}, block.text || "");
  return make("div", { class: "code" }, make("pre", { tabindex: "0", role: "group", "aria-label": block.language || "code" }, text), button);
}
