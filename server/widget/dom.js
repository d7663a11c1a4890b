// Making elements without markup in strings: whatever an index holds, it is text here, and a link only opens pages.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if ((value ?? false) !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => (child ?? "") !== ""));
  return element;
}

export function safeUrl(url) {
  try {
    const parsed = new URL(url, location.href);
    return /^https?:$/.test(parsed.protocol) ? parsed.href : "";
  } catch {
    return "";
  }
}

export function link(url, text, attributes = {}) {
  const href = safeUrl(url);
  return make("a", href ? { href, ...attributes } : attributes, text);
}

export function glass() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M14 8.5a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0ZM13 13l4.5 4.5");
  svg.append(path);
  return svg;
}

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&#39;": "'" };

// A snippet is escaped text with <mark>; it is read without an HTML parser, which Trusted Types would forbid.
export function marked(snippet) {
  return snippet.split(/<mark>|<\/mark>/).map((text, index) => {
    const plain = text.replace(/&(?:amp|lt|gt|quot|#x27|#39);/g, (entity) => ENTITIES[entity]);
    return index % 2 ? make("mark", {}, plain) : plain;
  });
}

export function placeOf(url) {
  try {
    const { host, pathname } = new URL(url);
    return [host, ...pathname.split("/").filter(Boolean).map(decoded)].join(" › ");
  } catch {
    return "";
  }
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// To stand between quotation marks: a text that is in some as a whole, without them.
export function unquoted(text) {
  return text.replace(/^["“-„«»「」]([^"“-„«»「」]+)["“-„«»「」]$/, "$1");
}
