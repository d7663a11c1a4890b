// "Was this useful?" below an answer. `tell` sends the word and says whether it was taken.

import { make } from "./dom.js";

export function feedback({ say, announce, tell }) {
  const thanks = make("span", {});
  const choices = [true, false].map((isUseful) =>
    make("button", { type: "button", class: "plain", "aria-pressed": "false", onclick: (event) => choose(event.currentTarget, isUseful) }, say(isUseful ? "yes" : "no")));
  async function choose(chosen, isUseful) {
    const isTaken = await tell(isUseful);
    if (isTaken) for (const choice of choices) choice.setAttribute("aria-pressed", String(choice === chosen));
    thanks.textContent = say(isTaken ? "thanks" : "failed");
    announce(thanks.textContent);
  }
  return make("div", { class: "feedback", part: "feedback", role: "group", "aria-label": say("useful") }, make("span", {}, say("useful")), ...choices, thanks);
}
