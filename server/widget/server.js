// One Recollect server, asked and told from a page.

export class Server {
  #address;
  #key;
  #failed;

  // `failed` is said where the server gives no reason of its own.
  constructor({ address, key = "", failed = "" }) {
    this.#address = new URL(address, location.href);
    this.#key = key;
    this.#failed = failed;
  }

  url(path, parameters = {}) {
    const url = new URL(path, this.#address);
    for (const [name, given] of Object.entries(parameters)) {
      for (const value of [given].flat()) url.searchParams.append(name, value);
    }
    return url;
  }

  async get(url, { signal, accept = "application/json" } = {}) {
    const response = await this.#send(url, { signal, headers: { Accept: accept } });
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail || this.#failed);
  }

  // Whether it was taken. Unlike sendBeacon this sends the key and no cookie, and also outlives the page.
  async tell(path, body) {
    try {
      const headers = { "Content-Type": "application/json" };
      return (await this.#send(this.url(path), { method: "POST", keepalive: true, headers, body: JSON.stringify(body) })).ok;
    } catch {
      return false;
    }
  }

  #send(url, options) {
    return fetch(url, { credentials: "omit", ...options, headers: { ...options.headers, ...(this.#key && { "X-API-Key": this.#key }) } });
  }
}
