// Shows the entries of a notebook, the newest first, a part at a time, so that a thousand are no burden. An amended one
// stands behind its newest words, where those stand. What is shown already stays as it is while more arrives.

import { Kind } from "../sealing/padding.js";
import { askedTwice, byId, make, show } from "./elements.js";

const AT_ONCE = 50;
const KIND_WORDS = {
  [Kind.NOTE]: "Note", [Kind.GOAL]: "Goal", [Kind.GOAL_REVIEW]: "Look back at a goal", [Kind.REFLECTION]: "Reflection",
};

export class Entries {
  #partner;
  #nameOf;
  #acts;
  #all = [];
  #byVersion = new Map();
  #awaited = new Map();
  #elements = new Map();
  #most = AT_ONCE;
  #asked = 0;
  #goals = "";

  // `nameOf` says who wrote an entry of another; `acts` are {amend, share, destroy}, each given an entry.
  constructor({ partner, nameOf }, acts) {
    this.#partner = partner;
    this.#nameOf = nameOf;
    this.#acts = acts;
    byId("earlier").onclick = () => {
      this.#most += AT_ONCE;
      this.render();
    };
  }

  // How many can be read or were destroyed, each with all that it said before.
  get count() {
    return this.#all.filter((each) => !each.isBroken).length;
  }

  get isEmpty() {
    return this.#elements.size === 0;
  }

  // One that is newer than all others, or, where it says so, older.
  add(entry) {
    const known = entry.isBroken ? null : this.#sameAs(entry);
    if (entry.isBroken) this.#all.push(entry);
    else if (known === null) this.#place({ ...entry, earlier: [], places: [entry.id] }, entry);
    else if (entry.isEarlier) this.#addEarlierWords(known, entry);
    else this.#addNewerWords(known, entry);
    this.#soon();
  }

  // What was destroyed keeps its place.
  destroyed(entry) {
    this.#change(entry, { text: null, kind: null, earlier: [] });
    this.render();
  }

  clear() {
    this.#all = [];
    for (const each of [this.#byVersion, this.#awaited, this.#elements]) each.clear();
    this.#most = AT_ONCE;
    this.render();
  }

  render() {
    this.#asked = 0;
    const shown = this.#all.slice(0, this.#most);
    this.#arrange(byId("entries"), shown.map((each) => this.#elementOf(each)));
    show("nothing", this.#all.length === 0);
    show("earlier", this.#all.length > this.#most);
    this.#renderGoals(this.#all.filter((each) => each.kind === Kind.GOAL && each.text !== null));
  }

  #renderGoals(goals) {
    const said = JSON.stringify(goals.map((each) => each.text));
    if (said === this.#goals) return;
    this.#goals = said;
    byId("goal-list").replaceChildren(...goals.map((each) => make("li", { textContent: each.text })));
    show("goals", goals.length > 0);
  }

  // Puts elements in order and leaves alone those that are there already, and whoever is at work in them.
  #arrange(list, elements) {
    const wanted = new Set(elements);
    for (const each of [...list.children]) if (!wanted.has(each)) each.remove();
    elements.forEach((each, at) => {
      if (list.children[at] !== each) list.insertBefore(each, list.children[at] ?? null);
    });
  }

  #elementOf(entry) {
    if (!this.#elements.has(entry)) this.#elements.set(entry, entry.isBroken ? broken(entry) : this.#item(entry));
    return this.#elements.get(entry);
  }

  #change(entry, changes) {
    Object.assign(entry, changes);
    this.#elements.delete(entry);
  }

  // The one shown already whose words these are, by the same hand, or null.
  #sameAs({ id, amends, author }) {
    const found = this.#awaited.get(id) ?? this.#byVersion.get(amends) ?? null;
    return found?.author === author ? found : null;
  }

  #place(item, { isEarlier }) {
    if (isEarlier) this.#all.push(item);
    else this.#all.unshift(item);
    this.#know(item, item);
  }

  #know(item, { id, amends, isEarlier }) {
    this.#byVersion.set(id, item);
    if (isEarlier && amends) this.#awaited.set(amends, item);
  }

  #addEarlierWords(item, entry) {
    const earlier = item.text === null ? [] : [...item.earlier, { kind: entry.kind, text: entry.text }];
    this.#change(item, { earlier, places: [...item.places, entry.id] });
    this.#know(item, entry);
  }

  #addNewerWords(item, entry) {
    const earlier = [{ kind: item.kind, text: item.text }, ...item.earlier];
    const { id, kind, text } = entry;
    this.#change(item, { id, kind, text, earlier, places: [...item.places, id] });
    this.#all.splice(this.#all.indexOf(item), 1);
    this.#all.unshift(item);
    this.#know(item, entry);
  }

  #soon() {
    if (this.#asked === 0) this.#asked = requestAnimationFrame(() => this.render());
  }

  #item(entry) {
    const item = make("li", { className: "card stack", id: `entry-${entry.id}` });
    const whose = entry.isMine ? "you" : this.#nameOf(entry);
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
    const all = [];
    // What was written with earlier keys is written anew, not changed: nobody would believe it by other keys.
    if (entry.isMineNow) {
      const amend = make("button", { type: "button", className: "quiet", textContent: "Change it" });
      amend.addEventListener("click", () => this.#acts.amend(entry));
      all.push(amend);
    }
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

function broken({ audience, position }) {
  const whose = audience === "own" ? "your own notes" : "the shared notes";
  return make("li", { className: "card stack fault" },
    make("h3", { textContent: "Not shown" }),
    make("p", { textContent: `What the service shows as number ${position} of ${whose} was altered, or something is missing there. The others were checked without it.` }));
}
