// Asks a server with Elastic's Search UI and one of its connectors, and prints the state it comes to.
// node search_ui.mjs ADDRESS proxy|app-search QUERY FIELD VALUE

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [address, kind, query, field, value] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const { SearchDriver } = require("@elastic/search-ui");
const { ApiProxyConnector } = require("@elastic/search-ui-elasticsearch-connector/api-proxy");
const AppSearchConnector = require("@elastic/search-ui-app-search-connector").default;

const connectors = {
  "proxy": () => new ApiProxyConnector({ basePath: `${address}/search-ui` }),
  "app-search": () => new AppSearchConnector({ endpointBase: address, engineName: "pages", searchKey: "search-key" }),
};
const fields = { title: { snippet: { fallback: true } }, url: { raw: {} } };
const driver = new SearchDriver({
  apiConnector: connectors[kind](),
  trackUrlState: false,
  searchQuery: { result_fields: fields, facets: { path: { type: "value", size: 5 } }, disjunctiveFacets: [] },
  autocompleteQuery: { results: { resultsPerPage: 2, result_fields: fields }, suggestions: { types: { documents: { fields: ["title"] } }, size: 3 } },
});

function state(isWanted) {
  return new Promise((resolve, reject) => {
    const check = (found) => {
      if (found.error) reject(new Error(found.error));
      else if (!found.isLoading && isWanted(found)) resolve(found);
    };
    driver.subscribeToStateChanges(check);
  });
}

const found = state((now) => now.wasSearched && now.resultSearchTerm === query);
driver.getActions().setSearchTerm(query, { shouldClearFilters: false });
const all = await found;
const narrowed = state((now) => now.filters.length === 1 && now.totalResults !== all.totalResults);
driver.getActions().addFilter(field, value, "any");
const some = await narrowed;
const completed = state((now) => now.autocompletedSuggestions.documents?.length);
driver.getActions().setSearchTerm(query.slice(0, 4), { autocompleteMinimumCharacters: 0, autocompleteResults: true, autocompleteSuggestions: true, refresh: false });
const typed = await completed;
console.log(JSON.stringify({ all, some, typed }));
process.exit(0);
