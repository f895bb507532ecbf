// What the pages of notes share: finding and making elements, and saying what happened. Text is only ever text.

import { NotebookError, SignedOut } from "../notebook/errors.js";
import { SealingError } from "../sealing/errors.js";

export function byId(id) {
  return document.getElementById(id);
}

export const page = byId("page");

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export function show(id, isShown = true) {
  byId(id).hidden = !isShown;
}

// Says something to everybody, those who listen too.
export function say(words) {
  byId("alarm").replaceChildren();
  byId("said").textContent = words;
}

// Tells why something was refused; only what this page expects is quoted.
export function tell(error, place = byId("alarm")) {
  byId("said").textContent = "";
  place.replaceChildren(sentenceFor(error));
  if (error instanceof SignedOut) {
    place.append(" ", make("a", { href: `/sign-in?then=${encodeURIComponent(location.pathname)}`, textContent: "Sign in again" }));
  }
}

export function sentenceFor(error) {
  if (error instanceof NotebookError || error instanceof SealingError) return error.message;
  console.error(error);
  return "Something went wrong on this page. What you wrote is still here.";
}

// Runs what a button or form starts, once at a time, and tells what is refused.
export function onDoing(element, kind, act, place = undefined) {
  let isBusy = false;
  element.addEventListener(kind, async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    element.setAttribute("aria-busy", "true");
    try {
      (place ?? byId("alarm")).replaceChildren();
      await act(event);
    } catch (error) {
      tell(error, place);
    } finally {
      isBusy = false;
      element.removeAttribute("aria-busy");
    }
  });
}

// A button that asks once more before it acts; the question takes its place.
export function askedTwice(words, { question, yes, act }) {
  const button = make("button", { type: "button", className: "quiet", textContent: words });
  const yesButton = make("button", { type: "button", className: "second", textContent: yes });
  const no = make("button", { type: "button", className: "quiet", textContent: "No" });
  const asked = make("span", { hidden: true, className: "asked" }, make("span", { textContent: question }), yesButton, no);
  const ask = (isAsking) => {
    asked.hidden = !isAsking;
    button.hidden = isAsking;
    (isAsking ? yesButton : button).focus();
  };
  button.addEventListener("click", () => ask(true));
  no.addEventListener("click", () => ask(false));
  onDoing(yesButton, "click", act);
  return make("span", {}, button, asked);
}
