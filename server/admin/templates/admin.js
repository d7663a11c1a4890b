// What pages gain where scripts run: a crawl's progress by itself, and a question before something ends for good.
const live = document.getElementById("live");
const PATIENCE_MS = 1000;

async function again() {
  const response = await fetch(location.pathname, { credentials: "same-origin" });
  if (response.redirected) return location.reload();
  if (!response.ok) return later();
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("live");
  const focused = document.activeElement?.getAttribute("aria-label");
  if (fresh) {
    live.replaceChildren(...fresh.childNodes);
    live.dataset.again = fresh.dataset.again ?? "";
    if (focused) live.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  }
  later();
}

function later() {
  if (live.dataset.again) setTimeout(() => again().catch(later), Number(live.dataset.again) * PATIENCE_MS);
}

if (live) later();

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-ask]");
  if (button && !confirm(button.dataset.ask)) event.preventDefault();
});
