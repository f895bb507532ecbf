// Chains of entries: nothing missing, repeated, moved or rolled back, shown without any key (section 4.6).

import { readHeader, tipAfter, verifyEntry } from "./entry.js";
import { ChainIsBroken, EntryBelongsElsewhere, WrongAuthor } from "./errors.js";
import { EMPTY, isSameSlot, slotAfter } from "./header.js";

// Follows a strand entry by entry, so that each can be shown as soon as it holds: from its end back to its beginning, or
// on from where it ended.
export class Chain {
  #epochs;
  #remembered;
  #epochNumber = 1;
  #authors = new Map();
  #amended = new Map();
  #isWhole;
  #earliest = null;

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
    await verifyEntry(entry, slot, { epoch: this.#epochOf(header) });
    this.#requireOwnAmended(header);
    const tip = await tipAfter(entry);
    this.#requireRemembered(tip);
    this.#authors.set(slot.entryId, header.author);
    this.#epochNumber = header.epoch;
    this.tip = tip;
    return header;
  }

  // The position before all that were seen from the end, or null before the first of them.
  get before() {
    return this.#earliest && this.#earliest.position - 1;
  }

  // The header of the entry before all that were seen, of the last one first; what comes after it vouches for its bytes.
  async precede(entry) {
    const [header, tip] = [readHeader(entry), await tipAfter(entry)];
    this.#requireLinked(header, tip);
    await verifyEntry(entry, header.slot, { epoch: this.#epochOf(header) });
    this.#requireAmendedByItsAuthor(header);
    this.#requireRemembered(tip);
    this.#authors.set(header.slot.entryId, header.author);
    if (header.slot.amends) this.#amended.set(header.slot.amends, header.author);
    if (this.#earliest === null) this.#beginAt(header, tip);
    this.#earliest = { ...header.slot, epoch: header.epoch };
    return header;
  }

  // After a break: those before it follow from one another and stand in their places, but nothing after vouches for them.
  letGo() {
    if (this.#earliest) this.#earliest = { ...this.#earliest, previousHash: null };
    this.#isWhole = false;
  }

  // To be asked when nothing comes before: that is the beginning, or where a later reader joined.
  begins({ joinedLater = false } = {}) {
    const isAtStart = this.#earliest === null || this.#earliest.previousHash === null
      || (this.#earliest.position === 1 && this.#earliest.previousHash === EMPTY.entryHash);
    if (!isAtStart && !joinedLater) throw new ChainIsBroken(this.before);
    if (joinedLater) this.#isWhole = false;
    if (this.#isWhole && this.#amended.size > 0) throw new ChainIsBroken(1);
  }

  // To be asked when there is no further entry: the one seen last must have come.
  end() {
    if (this.#remembered && this.tip.position < this.#remembered.position) {
      throw new ChainIsBroken(this.tip.position + 1);
    }
    return this.tip;
  }

  #beginAt(header, tip) {
    this.tip = tip;
    this.#epochNumber = header.epoch;
  }

  #epochOf(header) {
    const epoch = this.#epochs.get(header.epoch);
    if (epoch === undefined) throw new EntryBelongsElsewhere();
    return epoch;
  }

  #requireLinked({ slot, epoch }, tip) {
    const after = this.#earliest;
    if (this.#authors.has(slot.entryId)) throw new ChainIsBroken(slot.position);
    if (after === null) return;
    const isVouchedFor = slot.position === after.position - 1 && tip.entryHash === after.previousHash;
    const isBefore = after.previousHash === null ? slot.position < after.position : isVouchedFor;
    if (!isBefore || epoch > after.epoch) throw new ChainIsBroken(this.before);
  }

  #requireOwnAmended({ slot, author }) {
    if (slot.amends === null) return;
    const writer = this.#authors.get(slot.amends);
    if (writer === undefined && this.#isWhole) throw new ChainIsBroken(slot.position);
    // Nobody rewrites another's words.
    if ((writer ?? author) !== author) throw new WrongAuthor();
  }

  // Seen from the end, whoever amended comes first, and is found out when the amended one comes.
  #requireAmendedByItsAuthor({ slot, author }) {
    const amender = this.#amended.get(slot.entryId) ?? author;
    this.#amended.delete(slot.entryId);
    if (amender !== author) throw new WrongAuthor();
    if (slot.amends && this.#authors.has(slot.amends)) throw new ChainIsBroken(slot.position);
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

// The same, from the last entry to the first.
export async function verifyChainBackwards(entries, epochs, { remembered = null } = {}) {
  const chain = new Chain(epochs, { remembered });
  for (const entry of entries.toReversed()) await chain.precede(entry);
  chain.begins();
  return chain.end();
}
