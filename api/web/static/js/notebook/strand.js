// Follows one strand as the service shows it, page by page, and opens it as far as every check holds. The rules:
// 3. Each epoch follows the one before, from the first on, and its readers are exactly whom we trust, or we alone.
// 4. The entries form one unbroken chain that still holds the last epoch and entry that we saw.
// Nothing from the first break of one is believed; `cause` says which.

import { Chain } from "../sealing/chain.js";
import { isSame } from "../sealing/encoding.js";
import { openVerified } from "../sealing/entry.js";
import { SealingError } from "../sealing/errors.js";
import { openGrant } from "../sealing/grant.js";
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
    const seen = remembered.position > 0 ? remembered : null;
    this.#chain = new Chain([], { remembered: seen });
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
    if (shown.length < this.keys.length || shown.length < this.#remembered.epoch) throw new RolledBack();
    for (const [at, epoch] of shown.entries()) {
      if (at < this.keys.length) {
        if (!isSame(epoch.statement, this.#statements[at])) throw new RolledBack();
      } else {
        await this.#openEpoch(epoch);
      }
    }
  }

  async #openEpoch(shown) {
    const { reader, expected } = this.#expected(shown);
    const key = await openGrant(shown.statement, shown.sealedKey, { reader, expected });
    const { number, statementHash } = key.epoch;
    if (number === this.#remembered.epoch && statementHash !== this.#remembered.statementHash) throw new RolledBack();
    this.add(key, shown.statement);
  }

  // Readers and granter as we know them; the statement must agree with every one.
  #expected(shown) {
    const readers = shown.readers.map((each) => this.#pair.trusted(each));
    const mine = shown.readers.filter((each) => each.person === this.#pair.myPerson);
    const count = this.strand.audience === Audience.OWN ? 1 : 2;
    const granter = this.#pair.trusted({ person: shown.granter, keyId: readStatement(shown.statement).granter });
    if (readers.length !== count || mine.length !== 1 || readers.includes(undefined)) throw new UnexpectedReaders();
    if (granter === undefined || shown.sealedKey === null) throw new UnexpectedReaders();
    const expected = { strand: this.strand, granter, readers, previous: this.newest?.epoch ?? null };
    return { reader: this.#pair.mine(mine[0].keyId), expected };
  }

  // The chain has made every check of its place and author, so the body can be opened.
  async #follow(shown, onEntry) {
    const header = await this.#chain.follow(shown.entry);
    const body = shown.wrappedKey && (await openVerified(shown, this.keys[header.epoch - 1]));
    onEntry({
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
