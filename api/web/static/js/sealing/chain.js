// Chains of entries: nothing missing, repeated, moved or rolled back, shown without any key (section 4.6).

import { readHeader, tipAfter, verifyEntry } from "./entry.js";
import { ChainIsBroken, EntryBelongsElsewhere, WrongAuthor } from "./errors.js";
import { EMPTY, isSameSlot, slotAfter } from "./header.js";

// Follows a strand entry by entry, so that each can be shown as soon as it holds.
export class Chain {
  #epochs;
  #remembered;
  #epochNumber = 1;
  #authors = new Map();
  #isWhole;

  constructor(epochs, { after = EMPTY, remembered = null } = {}) {
    this.tip = after;
    this.#epochs = new Map();
    epochs.forEach((epoch) => this.add(epoch));
    this.#remembered = remembered;
    this.#isWhole = after.position === EMPTY.position;
    this.#requireRemembered(after);
  }

  // A further verified epoch.
  add(epoch) {
    this.#epochs.set(epoch.number, epoch);
  }

  // The header of the next entry; the tip moves only if everything holds.
  async follow(entry) {
    const header = readHeader(entry);
    const slot = slotAfter(this.tip, header.slot.entryId, header.slot.amends);
    if (this.#authors.has(slot.entryId) || header.epoch < this.#epochNumber) throw new ChainIsBroken(slot.position);
    if (!isSameSlot(header.slot, slot)) throw new ChainIsBroken(slot.position);
    const epoch = this.#epochs.get(header.epoch);
    if (epoch === undefined) throw new EntryBelongsElsewhere();
    await verifyEntry(entry, slot, { epoch });
    this.#requireOwnAmended(header);
    const tip = await tipAfter(entry);
    this.#requireRemembered(tip);
    this.#authors.set(slot.entryId, header.author);
    this.#epochNumber = header.epoch;
    this.tip = tip;
    return header;
  }

  // To be asked when there is no further entry: the one seen last must have come.
  end() {
    if (this.#remembered && this.tip.position < this.#remembered.position) {
      throw new ChainIsBroken(this.tip.position + 1);
    }
    return this.tip;
  }

  #requireOwnAmended({ slot, author }) {
    if (slot.amends === null) return;
    const writer = this.#authors.get(slot.amends);
    if (writer === undefined && this.#isWhole) throw new ChainIsBroken(slot.position);
    // Nobody rewrites another's words.
    if ((writer ?? author) !== author) throw new WrongAuthor();
  }

  #requireRemembered(tip) {
    const seen = this.#remembered;
    if (seen && seen.position === tip.position && seen.entryHash !== tip.entryHash) throw new ChainIsBroken(tip.position);
  }
}

// The tip of a strand whose entries follow without a gap.
export async function verifyChain(entries, epochs, { after = EMPTY, remembered = null } = {}) {
  const chain = new Chain(epochs, { after, remembered });
  for (const entry of entries) await chain.follow(entry);
  return chain.end();
}
