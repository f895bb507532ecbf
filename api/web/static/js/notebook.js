// One participant's notebook in the browser: reads, writes, amends, shares and destroys, over a service it need not
// trust. Every change reads on first, so that nothing is written on top of what was not verified.

import { sealEntry } from "./sealing/entry.js";
import { fingerprintWords } from "./sealing/fingerprint.js";
import { grantEpoch } from "./sealing/grant.js";
import { slotAfter } from "./sealing/header.js";
import { Audience } from "./sealing/statement.js";
import { NotebookKey } from "./sealing/notebook_key.js";
import { personWho } from "./notebook/authors.js";
import { comparedOthers, othersShown, readersShown, requireWords, shownMentor, trustedCircle, withoutMissing } from "./notebook/circle.js";
import { NotPassedOnYet, NotUnderstood, Refused } from "./notebook/errors.js";
import { entryToHandIn, epochToHandIn, grantsToHandIn, lostBy, unreadBy } from "./notebook/handing_in.js";
import { Memory } from "./notebook/memory.js";
import { notebookIdOf } from "./notebook/notebook_id.js";
import { AUDIENCE_NAMES, StrandReader } from "./notebook/strand.js";

// Somebody else may write at the same moment; then the place is taken and the entry is sealed anew.
const PLACE_IS_TAKEN = "out-of-order";
const TRIES = 5;
// Five times what a full notebook has; a service that always says there is more would keep us for ever.
const MOST_PAGES = 100;
// Few at first, so that something can be read at once.
const [FIRST_PAGE, FURTHER_PAGE] = [20, 100];
const END = 2 ** 32 - 1;

export class Notebook {
  #service;
  #relationship;
  #identities;
  #memory;
  #onEntry;
  #onPage;
  #shown = null;
  #wanted = null;
  #authors = new Map();
  #turn = Promise.resolve();
  #sent = null;

  // `onEntry` is handed each entry once, as soon as it is opened: of each strand the newest first, back to the first, and
  // later what is newer. `onPage` is called after each page of them.
  constructor({ service, relationship, isGroup = false, identities, kept, onEntry, onPage = () => {} }) {
    this.isGroup = isGroup;
    this.#service = service;
    this.#relationship = relationship;
    this.#identities = identities;
    this.#memory = new Memory(kept, relationship);
    this.#onEntry = (entry) => {
      this.#authors.set(entry.id, entry.author);
      onEntry({ ...entry, isMineNow: entry.author === this.circle.me.public.keyId });
    };
    this.#onPage = onPage;
    this.circle = null;
    this.own = null;
    this.shared = null;
  }

  // Reads everything, or what is new since.
  read() {
    return this.#inTurn(() => this.#read());
  }

  // One that was cut short goes on where it was.
  async #read() {
    this.#wanted ??= { own: END, shared: END };
    let limit = FIRST_PAGE;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      await this.#readPage(limit);
      await this.#onPage();
      if (this.#wanted === null) return this.#keep();
      limit = FURTHER_PAGE;
    }
    throw new NotUnderstood();
  }

  async #readPage(limit) {
    const wanted = this.#wanted;
    const before = { own: wanted.own ?? 1, shared: wanted.shared ?? 1 };
    this.#shown = await this.#service.notebook(this.#relationship, { before, limit });
    await this.#meet(this.#shown);
    for (const strand of [this.own, this.shared]) {
      if (wanted[strand.name] !== null) wanted[strand.name] = await strand.take(this.#shown, limit);
    }
    if (wanted.own === null && wanted.shared === null) this.#wanted = null;
  }

  // Why the shared notes end early and take no more entries, or null; doubts about the others come first.
  get trouble() {
    return this.circle.doubt ?? this.shared.cause;
  }

  // What is wrong with the own notes, which only the service can have done, or null.
  get alarm() {
    return this.own.cause;
  }

  myWords() {
    return fingerprintWords(this.circle.me.public);
  }

  // The person who wrote an entry, as far as we know: another, or we ourselves, with keys of before too; else null.
  personWho(entry) {
    return personWho(entry, this.#shown, this.circle);
  }

  // Everybody else who takes part and has keys, under the keys shown now: [{person, part, words, compared}].
  others() {
    return othersShown(this.#shown, this.circle);
  }

  // Trusts the keys whose words one of the others said, new keys and new people too; everything is read anew afterwards.
  async accept(words) {
    await this.#remember(await comparedOthers(this.#shown, this.circle, words));
  }

  // Lets whoever is missing be gone; everything is read anew afterwards.
  async letGo() {
    await this.#remember(withoutMissing(this.#shown, this.circle));
  }

  async #remember(others) {
    const remembered = await this.#memory.read();
    await this.#memory.keep({ ...remembered, myPerson: this.circle.myPerson, others });
    this.#startAnew();
  }

  // Who reads what is shared, or did, and we: [{person, part, isMe, isReading, words}].
  readers() {
    return readersShown(this.#shown);
  }

  endReading(person) {
    return this.#service.endReading(this.#relationship, person);
  }

  // Who of the others has keys that cannot read periods of shared notes that we can: [{person, identity, keys}].
  get toPassOn() {
    const { doubt, isVisitor, present } = this.circle;
    if (doubt || isVisitor) return [];
    const lost = (each) => lostBy(each, this.shared.keys, { isGroup: this.isGroup });
    return present.map((each) => ({ person: each.person, identity: each.keys.at(-1), keys: lost(each) }))
      .filter(({ keys }) => keys.length > 0);
  }

  // Whom a mentee may let read this notebook: the mentor of their later relationship, or null.
  async successorIn(later) {
    return shownMentor(await this.#service.notebook(later, { before: { own: END, shared: END }, limit: 1 }));
  }

  // Lets a successor read what was shared, once the words that they said were typed; everything is read anew.
  async passOnTo(successor, { typed, later }) {
    requireWords(typed, successor.words);
    const { person, identity } = successor;
    await this.#handOver(unreadBy(identity.keyId, this.shared.keys), { person, identity, later });
    this.#startAnew();
  }

  // Lets their current keys read them, each by a signed act; everything is read anew afterwards.
  async passOn() {
    for (const { person, identity, keys } of this.toPassOn) await this.#handOver(keys, { person, identity, later: null });
    this.#startAnew();
  }

  async #handOver(keys, { person, identity, later }) {
    const handedIn = await grantsToHandIn(keys, identity, this.circle.me);
    await this.#service.passOn(this.#relationship, { reader: person, relationship: later, ...handedIn });
  }

  #startAnew() {
    this.circle = null;
    this.own = null;
    this.shared = null;
    this.#wanted = null;
    this.#authors.clear();
  }

  write({ kind, text, audience, amends = null }) {
    return this.#append({ kind, text }, { audience, amends });
  }

  // Seals an own entry anew for both participants; answers the shared one's id.
  share({ id, kind, text }) {
    return this.#append({ kind, text }, { audience: Audience.SHARED, shares: id });
  }

  destroy(id) {
    return this.#service.destroy(this.#relationship, id);
  }

  #append(body, how) {
    return this.#inTurn(() => this.#appendInTurn(body, how));
  }

  // One after the other, so that no two of them follow a strand at once.
  #inTurn(act) {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => null);
    return done;
  }

  async #appendInTurn(body, how) {
    for (let tries = 1; ; tries += 1) {
      await this.#read();
      if (this.#hasArrived(body, how)) return this.#forgetSent();
      try {
        return await this.#tryToAppend(body, how);
      } catch (error) {
        const isTaken = error instanceof Refused && error.kind === PLACE_IS_TAKEN;
        if (!isTaken || tries === TRIES) throw error;
      }
    }
  }

  // Whether the same text was sent before, and came through although the answer was lost.
  #hasArrived({ text }, { audience }) {
    const sent = this.#sent;
    return sent?.text === text && sent.audience === audience && this.#authors.has(sent.id);
  }

  #forgetSent() {
    const { id } = this.#sent;
    this.#sent = null;
    return id;
  }

  // What was written with other keys is not changed with these, for nobody would believe it: then this is an entry of its own.
  #amendable(id) {
    return this.#authors.get(id) === this.circle.me.public.keyId ? id : null;
  }

  async #tryToAppend(body, { audience, amends: changed = null, shares = null }) {
    const [strand, amends] = [this.#toWrite(audience), this.#amendable(changed)];
    const notebookKey = await this.#writingKey(strand);
    const slot = slotAfter(strand.tip, crypto.randomUUID(), amends);
    const sealed = await sealEntry(body, slot, { author: this.circle.me, notebookKey });
    const handedIn = entryToHandIn(slot, sealed, notebookKey);
    this.#sent = { id: slot.entryId, text: body.text, audience };
    if (shares === null) {
      await this.#service.append(this.#relationship, { audience: strand.name, ...handedIn });
    } else {
      await this.#service.share(this.#relationship, shares, handedIn);
    }
    this.#sent = null;
    await strand.wrote(sealed);
    await this.#keep();
    this.#onEntry({
      id: slot.entryId, audience: strand.name, position: slot.position, author: this.circle.me.public.keyId, isMine: true, amends, ...body,
    });
    return slot.entryId;
  }

  #toWrite(audience) {
    const cause = audience === Audience.OWN ? this.alarm : this.trouble;
    if (cause) throw cause;
    return audience === Audience.OWN ? this.own : this.shared;
  }

  // The newest epoch's key, or that of a new epoch if the readers are others by now.
  async #writingKey(strand) {
    const readers = this.circle.readersOf(strand.strand.audience);
    const { newest } = strand;
    const isCurrent = newest?.epoch.readers.size === readers.length
      && readers.every((each) => newest.epoch.readers.has(each.identity.keyId));
    if (isCurrent) return newest;
    if (strand === this.shared && newest && !(newest instanceof NotebookKey)) throw new NotPassedOnYet();
    const identities = readers.map((each) => each.identity);
    const previous = newest?.epoch ?? null;
    const granted = await grantEpoch(this.circle.me, identities, { strand: strand.strand, previous });
    await this.#service.openEpoch(this.#relationship, epochToHandIn(strand, granted, readers));
    strand.add(granted.notebookKey, granted.statement);
    await this.#keep();
    return granted.notebookKey;
  }

  async #meet(shown) {
    const [notebookId, remembered] = [await notebookIdOf(this.#relationship), await this.#memory.read()];
    const memory = this.circle ? { ...remembered, others: this.circle.others } : remembered;
    const strand = { notebookId, audience: Audience.SHARED };
    const met = await trustedCircle(shown, strand, { identities: this.#identities, memory, isGroup: this.isGroup });
    if (this.circle) this.circle.update(met);
    else this.#begin(met, notebookId, remembered);
  }

  #begin(circle, notebookId, remembered) {
    this.circle = circle;
    const reader = (audience) => new StrandReader({ notebookId, audience }, circle, {
      remembered: remembered[AUDIENCE_NAMES[audience]],
      mayJoinLater: audience === Audience.SHARED && (this.isGroup || !circle.isMentee),
      onEntry: this.#onEntry,
    });
    this.own = reader(Audience.OWN);
    this.shared = reader(Audience.SHARED);
  }

  #keep() {
    const { myPerson, others } = this.circle;
    return this.#memory.keep({ myPerson, others, own: this.own.memory, shared: this.shared.memory });
  }
}
