// A client of the HTTP API for Node 18, Deno, Bun and browsers: each method is one route, and gives what the OpenAPI
// document says. No packages are needed.
//
//   const server = new Recollect("http://127.0.0.1:8000", { key: "rk_..." });
//   console.log((await server.answer("How do I open a file?")).answer);

const LONGEST_WAIT_S = 30;
const PUSHED_AT_ONCE = 500;

// The server said no: what is wrong, what helps, and the status it answered with.
export class Refused extends Error {
  constructor(status, what, cure) {
    super(cure ? `${what}. ${cure}` : what);
    Object.assign(this, { name: "Refused", status, what, cure });
  }
}

export class Recollect {
  #address;
  #headers;
  #attempts;

  // Where the server asks to come again later (429), it is asked again up to `attempts` times in all.
  constructor(address, { key = "", attempts = 3 } = {}) {
    this.#address = `${address.replace(/\/+$/, "")}/`;
    this.#headers = key ? { Authorization: `Bearer ${key}` } : {};
    this.#attempts = attempts;
  }

  // A page of documents that match. Options: page, size, sort, facet, mode, and filters: site, path, language, source,
  // meta (KEY=VALUE), from, before; a list of values asks for any of them. `signal` ends the request.
  search(query, { signal, ...asked } = {}) {
    return this.#get("api/v1/search", { q: query, ...asked }, signal);
  }

  // Titles and headings for what was typed so far.
  suggest(prefix, { signal, ...asked } = {}) {
    return this.#get("api/v1/suggest", { q: prefix, ...asked }, signal);
  }

  // An answer with its citations, or a refusal with its reason; within a `session` follow-ups are understood.
  answer(question, { signal, ...asked } = {}) {
    return this.#get("api/v1/answer", { q: question, ...asked }, signal);
  }

  // The same while it is being made: { name, data } for each event; the last one is `done` or `error`.
  async *stream(question, { signal, ...asked } = {}) {
    const headers = { Accept: "text/event-stream" };
    const response = await this.#send("api/v1/answer", { q: question, ...asked }, { signal, headers });
    let waiting = "";
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      const frames = (waiting + piece).split("\n\n");
      waiting = frames.pop();
      for (const frame of frames) {
        const lines = frame.split("\n");
        const of = (field) => lines.filter((line) => line.startsWith(field)).map((line) => line.slice(field.length));
        const data = of("data: ").join("\n");
        if (data) yield { name: of("event: ")[0], data: JSON.parse(data) };
      }
    }
  }

  // Put documents ({ id, title, text or html, url, ... }) into the index; a job for each request that it took.
  async push(documents, { source } = {}) {
    const jobs = [];
    for (let at = 0; at < documents.length; at += PUSHED_AT_ONCE) {
      const body = documents.slice(at, at + PUSHED_AT_ONCE).map((one) => JSON.stringify(one)).join("\n");
      const sent = { method: "POST", body, headers: { "Content-Type": "application/x-ndjson" } };
      jobs.push(await (await this.#send("api/v1/documents", { source }, sent)).json());
    }
    return jobs;
  }

  // Take documents out of the index, by the ids (or URLs) they were pushed under.
  delete(ids, { source } = {}) {
    return this.#post("api/v1/documents/delete", { ids }, { source });
  }

  // The job of a push or deletion once it is done, or as it is after `timeout_s`.
  async done(job, { timeout_s = 600 } = {}) {
    const ends = Date.now() + timeout_s * 1000;
    for (;;) {
      const wait_s = Math.max(0, Math.min(LONGEST_WAIT_S, (ends - Date.now()) / 1000));
      const found = await this.#get(`api/v1/jobs/${encodeURIComponent(job)}`, { wait_s });
      if (found.state === "done" || Date.now() >= ends) return found;
    }
  }

  // Tell whether an answer, or the page `url`, was of use.
  async feedback(query, useful, { url = "" } = {}) {
    await this.#post("api/v1/feedback", { query, url, useful });
  }

  // Tell which result was opened; `position` counts from 1.
  async click(query, url, { position = 0 } = {}) {
    await this.#post("api/v1/click", { query, url, position });
  }

  async #get(path, asked, signal) {
    return (await this.#send(path, asked, { signal })).json();
  }

  async #post(path, body, asked = {}) {
    const sent = { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    const text = await (await this.#send(path, asked, sent)).text();
    return text ? JSON.parse(text) : null;
  }

  async #send(path, asked, { headers = {}, ...sent } = {}) {
    const url = new URL(path, this.#address);
    for (const [name, given] of Object.entries(asked)) {
      for (const value of [given].flat()) if (value !== undefined && value !== "") url.searchParams.append(name, value);
    }
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(url, { ...sent, headers: { ...this.#headers, ...headers } });
      if (response.ok) return response;
      const wait_s = Number(response.headers.get("retry-after") ?? NaN);
      if (response.status !== 429 || attempt >= this.#attempts || Number.isNaN(wait_s)) throw await refused(response);
      await response.body?.cancel();
      await new Promise((wake) => setTimeout(wake, wait_s * 1000));
    }
  }
}

async function refused(response) {
  const { error } = await response.json().catch(() => ({}));
  const what = error?.what ?? `${response.url} answered ${response.status}, and not as Recollect does`;
  return new Refused(response.status, what, error?.cure ?? "");
}
