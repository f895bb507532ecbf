// A draft survives a closed tab, a lost line and an ended session: sealed under the person's own vault, in this browser
// alone. Each open tab has a place of its own, so that two never write over each other.

const PLACES = 5;

export class Draft {
  #kept;
  #name;
  #release;

  constructor(kept, name, release) {
    this.#kept = kept;
    this.#name = name;
    this.#release = release;
  }

  // The place of a closed tab in which something is left, else one that is free; null where every place is taken.
  static async claim(kept, relationship) {
    let free = null;
    for (let place = 1; place <= PLACES; place += 1) {
      const name = `draft ${relationship} ${place}`;
      const release = await held(`vouchsafe ${name}`);
      if (release === null) continue;
      const draft = new Draft(kept, name, release);
      if ((await draft.read()) !== null) {
        free?.leave();
        return draft;
      }
      if (free === null) free = draft;
      else release();
    }
    return free;
  }

  // {text, kind, audience, amends}, or null.
  read() {
    return this.#kept.get(this.#name);
  }

  write(draft) {
    return draft.text === "" ? this.clear() : this.#kept.set(this.#name, draft);
  }

  clear() {
    return this.#kept.remove(this.#name);
  }

  leave() {
    this.#release();
  }
}

// Holds a name until released, or until the tab is gone; null where another tab holds it.
function held(name) {
  return new Promise((resolve) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (lock === null) {
        resolve(null);
        return null;
      }
      return new Promise((release) => { resolve(release); });
    });
  });
}
