// Shows the entries of a notebook, the newest first, a part at a time, so that a thousand are no burden; an amended
// one stands behind its newest words.

import { Kind } from "../sealing/padding.js";
import { askedTwice, byId, make, show } from "./elements.js";

const AT_ONCE = 50;
const KIND_WORDS = {
  [Kind.NOTE]: "Note", [Kind.GOAL]: "Goal", [Kind.GOAL_REVIEW]: "Look back at a goal", [Kind.REFLECTION]: "Reflection",
};

export class Entries {
  #partner;
  #acts;
  #all = [];
  #later = new Map();
  #most = AT_ONCE;
  #asked = 0;

  // `acts` are {amend, share, destroy}, each given an entry.
  constructor(partner, acts) {
    this.#partner = partner;
    this.#acts = acts;
    byId("earlier").onclick = () => {
      this.#most += AT_ONCE;
      this.render();
    };
  }

  get count() {
    return this.#all.length;
  }

  add(entry) {
    const newest = this.#newestOf(entry.amends);
    if (newest === null) {
      this.#all.push({ ...entry, earlier: [], places: [entry.id] });
    } else {
      newest.earlier.unshift({ kind: newest.kind, text: newest.text });
      Object.assign(newest, { kind: entry.kind, text: entry.text, newestId: entry.id });
      newest.places.push(entry.id);
      this.#later.set(entry.id, newest);
    }
    this.#soon();
  }

  // What was destroyed keeps its place.
  destroyed(entry) {
    Object.assign(entry, { text: null, kind: null, earlier: [] });
    this.render();
  }

  clear() {
    this.#all = [];
    this.#later.clear();
    this.#most = AT_ONCE;
    this.render();
  }

  render() {
    this.#asked = 0;
    const newestFirst = this.#all.slice(-this.#most).reverse();
    byId("entries").replaceChildren(...newestFirst.map((each) => this.#item(each)));
    show("nothing", this.#all.length === 0);
    show("earlier", this.#all.length > this.#most);
    const goals = this.#all.filter((each) => each.kind === Kind.GOAL && each.text !== null);
    byId("goal-list").replaceChildren(...goals.map((each) => make("li", { textContent: each.text })));
    show("goals", goals.length > 0);
  }

  #newestOf(amended) {
    if (amended === null) return null;
    return this.#later.get(amended) ?? this.#all.find((each) => each.id === amended) ?? null;
  }

  #soon() {
    if (this.#asked === 0) this.#asked = requestAnimationFrame(() => this.render());
  }

  #item(entry) {
    const item = make("li", { className: "card stack", id: `entry-${entry.id}` });
    const whose = entry.isMine ? "you" : this.#partner;
    const audience = entry.audience === "own" ? "only you" : `you and ${this.#partner}`;
    const without = entry.isClosed ? "Closed to you" : "Destroyed";
    const kind = entry.text === null ? without : KIND_WORDS[entry.kind];
    item.append(make("h3", { textContent: kind }));
    item.append(make("p", { className: "muted", textContent: `Written by ${whose}, for ${audience}${entry.earlier.length ? ", changed since" : ""}` }));
    if (entry.text === null) {
      item.append(make("p", { textContent: entry.isClosed
        ? "It was sealed to keys that you do not have, and nobody has let you read it since."
        : `The service says that ${whose} destroyed it. Nobody can open it any more.` }));
      return item;
    }
    item.append(make("blockquote", { className: "words", textContent: entry.text }));
    if (entry.earlier.length) item.append(this.#before(entry.earlier));
    if (entry.isMine) item.append(this.#acting(entry));
    return item;
  }

  #before(earlier) {
    const list = make("ol", { className: "plain" }, ...earlier.map((each) => make("li", { className: "words", textContent: each.text })));
    return make("details", {}, make("summary", { textContent: "What it said before" }), list);
  }

  #acting(entry) {
    const amend = make("button", { type: "button", className: "quiet", textContent: "Change it" });
    amend.addEventListener("click", () => this.#acts.amend(entry));
    const all = [amend];
    if (entry.audience === "own") {
      all.push(askedTwice("Share it", {
        question: `Let ${this.#partner} read this, for good?`, yes: "Yes, share it", act: () => this.#acts.share(entry),
      }));
    }
    all.push(askedTwice("Destroy it", {
      question: "Destroy it for every reader? Nobody can bring it back.", yes: "Yes, destroy it", act: () => this.#acts.destroy(entry),
    }));
    return make("p", { className: "acts" }, ...all);
  }
}
