// What is said in English, and how it is said: the words of the search page, and of the search box where a language
// lacks one.

export const EN = {
  search: "Search",
  placeholder: "Search or ask a question",
  close: "Close",
  results: "Results",
  recent: "Recent searches",
  answer: "Answer",
  sources: "Sources",
  source: "Source {n}",
  found: "{n} results",
  foundOne: "1 result",
  nothing: "Nothing found for “{q}”",
  noAnswer: "The pages do not answer this",
  failed: "The search does not answer now",
  searching: "Searching…",
  ask: "Press Enter to ask",
  copy: "Copy",
  copied: "Copied",
  all: "All results",
  filters: "Filters",
  table: "Table",
  code: "Code",
  more: "{n} more on the page",
  rest: "More on the page",
  old: "None of these pages was changed after {date}.",
  instead: "Showing results for {q}.",
  asTyped: "Search instead for {q}",
  meant: "Did you mean {q}?",
  closest: "The closest pages",
  useful: "Was this useful?",
  yes: "Yes",
  no: "No",
  thanks: "Thank you",
  similar: "{n} similar",
  followUp: "Ask a follow-up question",
  forget: "Forget recent searches",
  suggestions: "Suggestions",
  choices: "Do you mean one of these?",
};

// say("source", { n: 2 }) -> "Source 2"
export function sayer(words) {
  return (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}
