// Follows one strand as the service shows it, page by page, and opens it as far as every check holds. The rules:
// 3. Each epoch follows the one before, from the first on, and its readers are exactly whom we trust, or we alone. One
//    that was granted to keys of ours that we lost, or to others, is believed on the word of a key that we trust and
//    that passed it on to us; without such a word nothing in it can be opened, and nothing can be.
// 4. The entries form one unbroken chain that still holds the last epoch and entry that we saw.
// Nothing from the first break of one is believed; `cause` says which.

import { Chain } from "../sealing/chain.js";
import { isSame } from "../sealing/encoding.js";
import { openVerified, tipBefore } from "../sealing/entry.js";
import { SealingError } from "../sealing/errors.js";
import { openGrant, verifyEpoch } from "../sealing/grant.js";
import { NotebookKey } from "../sealing/notebook_key.js";
import { openPassedOn, verifyPassedOn } from "../sealing/passing_on.js";
import { Audience, readStatement } from "../sealing/statement.js";
import { NotebookError, RolledBack, UnexpectedReaders } from "./errors.js";

export const AUDIENCE_NAMES = { [Audience.OWN]: "own", [Audience.SHARED]: "shared" };

export class StrandReader {
  #pair;
  #remembered;
  #chain;
  #statements = [];

  constructor(strand, pair, remembered) {
    this.strand = strand;
    this.keys = [];
    this.cause = null;
    this.#pair = pair;
    this.#remembered = remembered;
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

  // Epochs that we cannot open: granted to keys that we lost, and passed on by nobody yet.
  get unopened() {
    return this.keys.filter((each) => !(each instanceof NotebookKey));
  }

  // Takes in the page after a position: the epochs first, then each entry that is new, handed to `onEntry` as soon as
  // it is opened.
  async take(shown, after, onEntry) {
    await this.#guarded(() => this.#openEpochs(shown.epochs.filter((each) => each.audience === this.name)));
    const entries = shown.entries.filter((each) => each.audience === this.name);
    for (const each of entries.slice(Math.max(0, this.tip.position - after))) {
      if (this.cause) return;
      await this.#guarded(() => this.#follow(each, onEntry));
    }
  }

  // To be called when there is no further page.
  async end() {
    await this.#guarded(() => this.#chain.end());
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

  // What to remember; it goes on from what was remembered before, or stays.
  get memory() {
    const epoch = this.newest?.epoch;
    const seen = {
      epoch: epoch?.number ?? 0, statementHash: epoch?.statementHash ?? "", position: this.tip.position, entryHash: this.tip.entryHash,
    };
    const goesOn = seen.epoch >= this.#remembered.epoch && seen.position > this.#remembered.position;
    return goesOn || !this.cause ? seen : this.#remembered;
  }

  async #guarded(act) {
    if (this.cause) return;
    try {
      await act();
    } catch (error) {
      if (!(error instanceof SealingError || error instanceof NotebookError)) throw error;
      this.cause = error;
    }
  }

  async #openEpochs(shown) {
    if (shown.length < this.keys.length) throw new RolledBack();
    for (const [at, epoch] of shown.entries()) {
      if (at < this.keys.length) {
        if (!isSame(epoch.statement, this.#statements[at])) throw new RolledBack();
      } else {
        await this.#openEpoch(epoch);
      }
    }
    if ((this.newest?.epoch.number ?? 0) < this.#remembered.epoch) throw new RolledBack();
  }

  async #openEpoch(shown) {
    const said = readStatement(shown.statement).sealedKeyHashes;
    const isAsSaid = shown.readers.length === said.size && shown.readers.every((each) => said.has(each.keyId));
    if (!isAsSaid) throw new UnexpectedReaders();
    const mine = shown.readers.find((each) => each.person === this.#pair.myPerson && this.#pair.mine(each.keyId));
    const key = mine ? await this.#openOwn(shown, mine) : await this.#openLater(shown);
    const { number, statementHash } = key.epoch;
    if (number === this.#remembered.epoch && statementHash !== this.#remembered.statementHash) throw new RolledBack();
    this.add(key, shown.statement);
  }

  // Readers and granter as we know them; the statement must agree with every one.
  async #openOwn(shown, mine) {
    const readers = shown.readers.map((each) => this.#pair.trusted(each));
    const count = this.strand.audience === Audience.OWN ? 1 : 2;
    const granter = this.#pair.trusted({ person: shown.granter, keyId: readStatement(shown.statement).granter });
    if (readers.length !== count || readers.includes(undefined) || granter === undefined) throw new UnexpectedReaders();
    if (shown.sealedKey === null) throw new UnexpectedReaders();
    const expected = { strand: this.strand, granter, readers, ...this.#before(shown) };
    const own = { reader: this.#pair.mine(mine.keyId), expected };
    const opened = await openGrant(shown.statement, shown.sealedKey, own);
    const epoch = await this.#withLaterReaders(opened.epoch, shown.passedOn);
    return opened.sealedBy((secret) => new NotebookKey(epoch, secret));
  }

  // An epoch whose statement does not name a key that we have.
  async #openLater(shown) {
    const said = readStatement(shown.statement);
    const published = await Promise.all([...said.sealedKeyHashes.keys()].map((keyId) => this.#pair.published(keyId)));
    const granter = published.find((each) => each?.keyId === said.granter);
    if (granter === undefined || published.includes(null)) throw new UnexpectedReaders();
    const expected = { strand: this.strand, granter, readers: published, ...this.#before(shown) };
    const epoch = await verifyEpoch(shown.statement, expected);
    const at = shown.passedOn.findLastIndex((each) => this.#pair.mine(each.readerKeyId));
    if (at < 0 || shown.sealedKey === null) return { epoch: await this.#withLaterReaders(epoch, shown.passedOn) };
    const row = shown.passedOn[at];
    const giver = this.#pair.trusted({ person: row.granter, keyId: row.granterKeyId });
    if (giver === undefined) throw new UnexpectedReaders();
    const before = await this.#withLaterReaders(epoch, shown.passedOn.slice(0, at));
    const how = { epoch: before, granter: giver, reader: this.#pair.mine(row.readerKeyId) };
    const opened = await openPassedOn({ statement: row.statement, sealedKey: shown.sealedKey }, how);
    const whole = await this.#withLaterReaders(opened.epoch, shown.passedOn.slice(at + 1));
    return opened.sealedBy((secret) => new NotebookKey(whole, secret));
  }

  // The epoch before. Nobody joins their own strand later, and no mentee the shared one.
  #before({ statement }) {
    const previous = this.newest?.epoch ?? null;
    const mayJoin = this.strand.audience === Audience.SHARED && !this.#pair.isMentee && previous === null;
    return { previous, joinedAt: mayJoin ? readStatement(statement).epoch : 1 };
  }

  // Each was let read by one who read it already; whose key it is, nobody needs to believe for that.
  async #withLaterReaders(epoch, rows) {
    let known = epoch;
    for (const row of rows) {
      const [granter, reader] = [await this.#pair.published(row.granterKeyId), await this.#pair.published(row.readerKeyId)];
      if (granter === null || reader === null) throw new UnexpectedReaders();
      known = await verifyPassedOn(row.statement, { epoch: known, granter, reader });
    }
    return known;
  }

  // Who joined later goes by what their first entry says came before.
  #beginWhereWeJoined(entry) {
    if (this.tip.position > 0 || this.keys[0]?.epoch.number === 1) return;
    const epochs = this.keys.map((each) => each.epoch);
    this.#chain = new Chain(epochs, { after: tipBefore(entry), remembered: this.#seen });
  }

  get #seen() {
    return this.#remembered.position > 0 ? this.#remembered : null;
  }

  // The chain has made every check of its place and author, so the body can be opened.
  async #follow(shown, onEntry) {
    this.#beginWhereWeJoined(shown.entry);
    const header = await this.#chain.follow(shown.entry);
    const key = this.keys.find((each) => each.epoch.number === header.epoch);
    const canOpen = key instanceof NotebookKey;
    const body = canOpen && shown.wrappedKey ? await openVerified(shown, key) : null;
    onEntry({
      isClosed: !canOpen,
      id: header.slot.entryId,
      audience: this.name,
      position: header.slot.position,
      isMine: this.#pair.mine(header.author) !== undefined,
      amends: header.slot.amends,
      kind: body?.kind ?? null,
      text: body?.text ?? null,
      sharedAs: shown.sharedAs,
    });
  }
}
