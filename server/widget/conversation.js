// Questions and their answers, one conversation: the newest is open, the ones before it are folded above it.

import { choices, closest, shown, streamed } from "./answer.js";
import { make } from "./dom.js";
import { feedback } from "./feedback.js";

export class Conversation {
  #place;
  #words;
  #do;
  #session;
  #turn;
  #question = "";
  #failure = "";
  #answering;

  // `place` is the element to show it in. `request(question, session, signal)` fetches the stream of an answer,
  // `judged(question, answer, isUseful)` says whether the word on an answer was taken, `done(question, answer)` is told;
  // `choose(question)` asks one of the questions that an answer leaves open. With a `session` it goes on with what was said there.
  constructor(place, words, { request, judged, done, choose, session = "" }) {
    this.#place = place;
    this.#words = words;
    this.#do = { request, judged, done, choose };
    this.#session = session;
  }

  async ask(question) {
    const { say, announce } = this.#words;
    this.stop();
    const { signal } = (this.#answering = new AbortController());
    // One session for the whole conversation, so that follow-ups are understood.
    this.#session ||= newSession();
    const turn = this.#begin(question);
    this.#place.ariaBusy = "true";
    try {
      const response = await this.#do.request(question, this.#session, signal);
      const answer = await streamed(response.body, turn);
      if (signal.aborted) return;
      this.#finish(turn, question, answer);
      this.#do.done(question, answer);
    } catch (error) {
      if (signal.aborted) return;
      const text = (this.#failure = why(error, say));
      turn.querySelector(".waiting, .text").replaceWith(make("p", {}, text));
      announce(text);
    } finally {
      if (!signal.aborted) this.#place.ariaBusy = "false";
    }
  }

  // Why the last question, if it is this one, got no answer.
  failure(question) {
    return question === this.#question && this.#failure;
  }

  stop() {
    this.#answering?.abort();
  }

  forget() {
    this.stop();
    this.#session = "";
    this.#turn = undefined;
    this.#failure = "";
    this.#place.replaceChildren();
  }

  #begin(question) {
    const { say } = this.#words;
    if (this.#turn) {
      const old = make("details", { class: "turn", part: "turn" }, make("summary", { dir: "auto" }, this.#question));
      this.#turn.querySelector(".asked").remove();
      this.#turn.replaceWith(old);
      old.append(this.#turn);
    } else {
      this.#place.replaceChildren(make("h2", {}, say("answer")));
    }
    this.#question = question;
    this.#failure = "";
    this.#turn = make("div", { class: "turn" }, make("p", { class: "asked", dir: "auto" }, question), make("p", { class: "waiting" }, say("searching")));
    this.#place.append(this.#turn);
    return this.#turn;
  }

  #finish(turn, question, answer) {
    const { say, announce } = this.#words;
    const waiting = turn.querySelector(".waiting, .text");
    if (answer.refused || !answer.answer) {
      const isAny = answer.closest.length > 0;
      waiting.replaceWith(...[make("p", { class: "refused" }, say("noAnswer")), isAny && make("h3", {}, say("closest")), isAny && closest(answer)].filter(Boolean));
      announce(say("noAnswer"));
      return;
    }
    const tell = (isUseful) => this.#do.judged(question, answer, isUseful);
    const choice = ({ label, question }) => make("button", { type: "button", dir: "auto", onclick: () => this.#do.choose(question) }, label);
    waiting.replaceWith(...shown(answer, this.#words), ...choices(answer, say, choice), feedback({ ...this.#words, tell }));
    announce(`${say("answer")}: ${[answer.short, answer.answer].filter(Boolean).join(". ")}`);
  }
}

// A browser's own words for a server that cannot be reached are of no help.
export function why(error, say) {
  return error instanceof TypeError ? say("failed") : error.message;
}

export function newSession() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
