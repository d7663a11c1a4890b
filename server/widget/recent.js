// Recent searches: kept in this browser alone, and only where the page asks for it.

const NAME = "recollect-recent";
const MAX = 5;

export function recentSearches() {
  try {
    return JSON.parse(localStorage.getItem(NAME) || "[]");
  } catch {
    return [];
  }
}

export function remember(query) {
  keep([query, ...recentSearches().filter((one) => one !== query)].slice(0, MAX));
}

export function forget() {
  keep([]);
}

function keep(queries) {
  try {
    if (queries.length) localStorage.setItem(NAME, JSON.stringify(queries));
    else localStorage.removeItem(NAME);
  } catch {
    // A browser that keeps nothing still searches.
  }
}
