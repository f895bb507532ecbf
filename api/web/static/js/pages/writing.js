// The form in which somebody writes: its draft is kept sealed while they do, and what is refused stays in it.

import { Draft } from "../drafts.js";
import { Audience } from "../sealing/statement.js";
import { Kind } from "../sealing/padding.js";
import { byId, make, onDoing, say, show } from "./elements.js";

const PAUSE = 300;
const NEW = { text: "", kind: "NOTE", audience: "OWN", amends: null };

export class Writing {
  #draft = null;
  #amends = null;
  #timer = 0;
  #saving = Promise.resolve();
  #write = null;

  constructor() {
    onDoing(byId("write"), "submit", () => this.#send(), byId("text-fault"));
    byId("write").addEventListener("input", () => this.#soon());
    byId("leave-as-it-was").addEventListener("click", () => this.#fill(NEW, true));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.#keep(); });
  }

  // Begins with what a closed tab left; `write` seals and hands in.
  async begin(kept, relationship, write) {
    this.#write = write;
    this.#draft = await Draft.claim(kept, relationship);
    const left = await this.#draft?.read();
    if (left) {
      this.#fill(left, false);
      byId("kept").textContent = "This is what you had begun to write.";
    }
  }

  end() {
    clearTimeout(this.#timer);
    this.#draft?.leave();
    this.#draft = null;
    this.#write = null;
    this.#fill(NEW, false);
  }

  amend(entry) {
    const kind = Object.keys(Kind).find((name) => Kind[name] === entry.kind);
    const audience = entry.audience.toUpperCase();
    this.#fill({ text: entry.text, kind, audience, amends: entry.id }, true);
    byId("text").focus();
  }

  async #send() {
    const { text, kind, audience, amends } = this.#read();
    if (text.trim() === "") {
      byId("text-fault").textContent = "Write something first.";
      return;
    }
    await this.#keep();
    say("Sealing …");
    await this.#write({ text, kind: Kind[kind], audience: Audience[audience], amends });
    clearTimeout(this.#timer);
    await this.#draft?.clear();
    this.#fill(NEW, false);
    say(audience === "OWN" ? "Kept. Only you can open it." : "Kept. You and the other person can open it.");
    byId("text").focus();
  }

  #read() {
    const audience = document.querySelector("input[name=audience]:checked").value;
    return { text: byId("text").value, kind: byId("kind").value, audience, amends: this.#amends };
  }

  #fill({ text, kind, audience, amends }, isKept) {
    byId("text").value = text;
    byId("kind").value = kind;
    byId(audience === "OWN" ? "for-own" : "for-shared").checked = true;
    byId("text-fault").replaceChildren();
    byId("kept").textContent = "";
    this.#amends = amends;
    byId("write-title").textContent = amends ? "Change what you wrote" : "Write";
    show("audiences", amends === null);
    show("leave-as-it-was", amends !== null);
    if (isKept) this.#soon();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), PAUSE);
  }

  // One after the other, so that what was typed last is what stays.
  #keep() {
    clearTimeout(this.#timer);
    const [draft, content] = [this.#draft, this.#read()];
    this.#saving = this.#saving.then(async () => {
      if (draft === null || draft !== this.#draft) return;
      await draft.write(content);
      const words = content.text === "" ? "" : "Your draft is kept in this browser, sealed.";
      byId("kept").replaceChildren(make("span", { textContent: words }));
    });
    return this.#saving;
  }
}
