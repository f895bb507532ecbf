// Follows one strand as the service shows it, from its end to its beginning, and opens what holds. The rules:
// 3. Each epoch follows the one before, from the first on that we read, and is granted by a key that we trust; or such a
//    key granted a later one that follows it, or passed it on to us. Its readers are two or more, or in our own strand we
//    alone; one whom we do not know is believed on that signed word, and is nobody to write to. One that names no key of
//    ours stays closed unless a key that we trust passed it on to us, and nothing is written in it.
// 4. The entries form one unbroken chain that still holds the last epoch and entry that we saw.
// From the first epoch that breaks one, nothing is believed. Where the chain breaks, the place is named, and entries
// before it are shown if they hold among themselves. `cause` says what broke first; nothing more is written then.

import { Chain } from "../sealing/chain.js";
import { isSame } from "../sealing/encoding.js";
import { openVerified, tipBefore } from "../sealing/entry.js";
import { ChainIsBroken, SealingError } from "../sealing/errors.js";
import { openGrant, verifyEpoch } from "../sealing/grant.js";
import { NotebookKey } from "../sealing/notebook_key.js";
import { openPassedOn, verifyPassedOn } from "../sealing/passing_on.js";
import { Audience, readStatement } from "../sealing/statement.js";
import { NotebookError, ReadingHasEnded, RolledBack, UnexpectedReaders } from "./errors.js";
import { breathe } from "./slices.js";
import { expectedReaders } from "./vouching.js";

export const AUDIENCE_NAMES = { [Audience.OWN]: "own", [Audience.SHARED]: "shared" };

export class StrandReader {
  #circle;
  #remembered;
  #chain;
  #onEntry;
  #statements = [];
  #isRead = false;
  #newer = [];
  #brokenAt = null;
  #mayJoinLater;
  #after = null;

  // `onEntry` is handed each entry once, as soon as it is opened: from the newest to the first, and then what is newer.
  constructor(strand, circle, { remembered, mayJoinLater, onEntry }) {
    this.strand = strand;
    this.keys = [];
    this.cause = null;
    this.#circle = circle;
    this.#remembered = remembered;
    this.#mayJoinLater = mayJoinLater;
    this.#onEntry = onEntry;
    this.#chain = new Chain([], { remembered: this.#seen });
  }

  get name() {
    return AUDIENCE_NAMES[this.strand.audience];
  }

  get tip() {
    return this.#chain.tip;
  }

  get newest() {
    return this.keys.at(-1) ?? null;
  }

  // Takes in the last page, or the one before: the epochs first, then its entries. Answers the position before which more
  // is wanted, or null; `count` is how many entries a full page has.
  async take(shown, count) {
    await this.#guarded(() => this.#openEpochs(shown.epochs.filter((each) => each.audience === this.name)));
    const entries = shown.entries.filter((each) => each.audience === this.name);
    const before = entries.length < count ? null : entries[0].position;
    return this.#isRead ? this.#takeNewer(entries, before) : this.#takeEarlier(entries, before);
  }

  // An epoch that was granted here and that the service took.
  add(notebookKey, statement) {
    this.keys.push(notebookKey);
    this.#statements.push(statement);
    this.#chain.add(notebookKey.epoch);
  }

  // An entry that was written here and that the service took.
  async wrote({ entry }) {
    await this.#chain.follow(entry);
  }

  // What to remember; while something is broken it stays as it was.
  get memory() {
    if (this.cause) return this.#remembered;
    const { number = 0, statementHash = "" } = this.newest?.epoch ?? {};
    return { epoch: number, statementHash, ...this.tip };
  }

  async #guarded(act) {
    if (this.cause) return;
    this.cause = await failureOf(act);
  }

  async #takeEarlier(entries, before) {
    for (const each of entries.toReversed()) {
      await this.#precede(each);
      await breathe();
    }
    if (before !== null) return before;
    this.#isRead = true;
    if (this.#after && this.#joinedLater) this.#beginAfter(this.#after);
    await this.#guarded(() => {
      this.#chain.begins({ joinedLater: this.#joinedLater });
      this.#chain.end();
    });
    return null;
  }

  // What came since is followed once all of it is here.
  async #takeNewer(entries, before) {
    if (this.cause) return null;
    const { position } = this.tip;
    const last = this.#newer.at(-1) ?? entries.at(-1);
    this.#newer.unshift(...entries.filter((each) => each.position > position));
    if (before !== null && before > position + 1) return before;
    if ((last?.position ?? 0) < position) this.cause = new ChainIsBroken((last?.position ?? 0) + 1);
    for (const each of this.#newer.splice(0)) await this.#guarded(() => this.#follow(each));
    return null;
  }

  async #openEpochs(shown) {
    this.#after ??= shown[0]?.after ?? null;
    if (shown.length === 0 && this.#remembered.epoch > 0 && this.#circle.isVisitor) throw new ReadingHasEnded();
    if (shown.length < this.keys.length) throw new RolledBack();
    for (const [at, epoch] of shown.entries()) {
      if (at < this.keys.length) {
        if (!isSame(epoch.statement, this.#statements[at])) throw new RolledBack();
      } else {
        await this.#openEpoch(shown, at);
      }
    }
    if ((this.newest?.epoch.number ?? 0) < this.#remembered.epoch) throw new RolledBack();
  }

  async #openEpoch(all, at) {
    const shown = all[at];
    const met = await expectedReaders(all, at, { circle: this.#circle, audience: this.strand.audience });
    const expected = { strand: this.strand, ...met, ...this.#before(shown) };
    const mine = shown.readers.find((each) => each.person === this.#circle.myPerson && this.#circle.mine(each.keyId));
    // What was passed on to us replaces what was sealed to us first, also while we still have those keys.
    const isPassedOn = shown.passedOn.some((each) => each.reader === this.#circle.myPerson);
    const key = mine && !isPassedOn ? await this.#openOwn(shown, mine, expected) : await this.#openLater(shown, expected);
    const { number, statementHash } = key.epoch;
    if (number === this.#remembered.epoch && statementHash !== this.#remembered.statementHash) throw new RolledBack();
    this.add(key, shown.statement);
  }

  async #openOwn(shown, mine, expected) {
    if (shown.sealedKey === null) throw new UnexpectedReaders();
    const own = { reader: this.#circle.mine(mine.keyId), expected };
    const opened = await openGrant(shown.statement, shown.sealedKey, own);
    const epoch = await this.#withLaterReaders(opened.epoch, shown.passedOn);
    return opened.sealedBy((secret) => new NotebookKey(epoch, secret));
  }

  // An epoch whose statement does not name a key that we have.
  async #openLater(shown, expected) {
    const epoch = await verifyEpoch(shown.statement, expected);
    const at = shown.passedOn.findLastIndex((each) => each.reader === this.#circle.myPerson);
    const row = shown.passedOn[at];
    const giver = row && this.#circle.trusted({ person: row.granter, keyId: row.granterKeyId });
    const reader = row && this.#circle.mine(row.readerKeyId);
    if (!giver || !reader || shown.sealedKey === null) return { epoch: await this.#withLaterReaders(epoch, shown.passedOn) };
    const before = await this.#withLaterReaders(epoch, shown.passedOn.slice(0, at));
    const how = { epoch: before, granter: giver, reader };
    const opened = await openPassedOn({ statement: row.statement, sealedKey: shown.sealedKey }, how);
    const whole = await this.#withLaterReaders(opened.epoch, shown.passedOn.slice(at + 1));
    return opened.sealedBy((secret) => new NotebookKey(whole, secret));
  }

  // The epoch before, or where we joined.
  #before({ statement }) {
    const previous = this.newest?.epoch ?? null;
    const joinedAt = this.#mayJoinLater && previous === null ? readStatement(statement).epoch : 1;
    return { previous, joinedAt };
  }

  // Each was let read by one who read it already; whose key it is, nobody needs to believe for that.
  async #withLaterReaders(epoch, rows) {
    let known = epoch;
    for (const row of rows) {
      const [granter, reader] = [await this.#circle.published(row.granterKeyId), await this.#circle.published(row.readerKeyId)];
      if (granter === null || reader === null) throw new UnexpectedReaders();
      known = await verifyPassedOn(row.statement, { epoch: known, granter, reader });
    }
    return known;
  }

  get #joinedLater() {
    return (this.keys[0]?.epoch.number ?? 1) > 1;
  }

  get #seen() {
    return this.#remembered.position > 0 ? this.#remembered : null;
  }

  // Who joined later goes by what their first entry says came before.
  #beginWhereWeJoined(entry) {
    if (this.#joinedLater) this.#beginAfter(tipBefore(entry));
  }

  #beginAfter(after) {
    if (this.tip.position > 0) return;
    this.#chain = new Chain(this.keys.map((each) => each.epoch), { after, remembered: this.#seen });
  }

  async #follow(shown) {
    this.#beginWhereWeJoined(shown.entry);
    await this.#hand(shown, await this.#chain.follow(shown.entry), { isEarlier: false });
  }

  async #precede(shown) {
    const header = (await this.#linked(shown)) ?? (await this.#standing(shown));
    if (header === null) return;
    const failure = await failureOf(() => this.#hand(shown, header, { isEarlier: true }));
    if (failure) this.#break(failure, header.slot.position);
  }

  // The header of an entry for which what comes after it vouches, or null.
  async #linked({ entry, position }) {
    let header = null;
    const failure = await failureOf(async () => { header = await this.#chain.precede(entry); });
    if (failure) {
      this.#break(failure, this.#chain.before ?? position);
      this.#chain.letGo();
    }
    return header;
  }

  // That of one which at least holds in a place of its own, or null.
  async #standing({ entry }) {
    let header = null;
    await failureOf(async () => { header = await this.#chain.precede(entry); });
    return header;
  }

  // However much is missing or altered in one place, it is named once.
  #break(failure, position) {
    this.cause ??= failure;
    if (this.#brokenAt === position) return;
    this.#brokenAt = position;
    this.#onEntry({ isBroken: true, isEarlier: true, audience: this.name, position });
  }

  // The chain has made every check of its place and author, so the body can be opened.
  async #hand(shown, header, { isEarlier }) {
    const key = this.keys.find((each) => each.epoch.number === header.epoch);
    const canOpen = key instanceof NotebookKey;
    const body = canOpen && shown.wrappedKey ? await openVerified(shown, key) : null;
    this.#onEntry({
      isClosed: !canOpen,
      isEarlier,
      id: header.slot.entryId,
      audience: this.name,
      position: header.slot.position,
      author: header.author,
      isMine: this.#circle.mine(header.author) !== undefined,
      amends: header.slot.amends,
      kind: body?.kind ?? null,
      text: body?.text ?? null,
    });
  }
}

// What an act is refused for that this page expects, or null.
async function failureOf(act) {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof SealingError || error instanceof NotebookError) return error;
    throw error;
  }
}
