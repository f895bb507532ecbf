// Who the two participants are, as far as this page believes the service about it. The rules:
// 1. The service shows our own keys as ours, and us as the person we have been since we first looked.
// 2. There is one other participant, the one we know, under the keys that we trust as theirs: those remembered here,
//    else those that we sealed to before, which our own signature tells, else the first that we see. Others only once
//    their words were compared.
// A break of the second is a doubt about the partner: it stops what is shared, and never our own notes.

import { SealingError } from "../sealing/errors.js";
import { SIGNATURE_BYTES } from "../sealing/encoding.js";
import { fingerprintWords } from "../sealing/fingerprint.js";
import { PublicIdentity } from "../sealing/identity.js";
import { Audience, readStatement } from "../sealing/statement.js";
import {
  KeysHaveChanged, MyKeysAreNotCurrent, NoPartnerYet, NotUnderstood, NotebookError, PartnerHasChanged, PartnerHasMyKeys,
  UnexpectedReaders, WordsDiffer,
} from "./errors.js";

// Who we are and who the other is; partners are all whom we ever trusted here, the current one last.
export class Pair {
  #shown;

  constructor({ identities, myPerson, partners, doubt, shown }) {
    this.#shown = shown;
    this.identities = identities;
    this.me = identities.at(-1);
    this.myPerson = myPerson;
    this.partners = partners;
    this.doubt = doubt;
  }

  // What a later look says of the partner.
  update(later) {
    this.partners = later.partners;
    this.doubt = later.doubt;
    this.#shown = later.#shown;
  }

  // The public keys that anybody here has published under this key id, which binds them; nobody is believed to be
  // whose they are said to be.
  published(keyId) {
    return publishedIn(this.#shown, (keys) => keys.keyId === keyId);
  }

  get isMentee() {
    return this.#shown.participants.some((each) => each.person === this.myPerson && each.part === "mentee");
  }

  // Whether these are notes of others, passed on to us.
  get isVisitor() {
    return this.#shown.participants.every((each) => each.person !== this.myPerson);
  }

  get partner() {
    return this.partners.at(-1) ?? null;
  }

  // Who reads what is written now: [{person, identity}].
  readersOf(audience) {
    const mine = { person: this.myPerson, identity: this.me.public };
    if (audience === Audience.OWN) return [mine];
    if (this.doubt) throw this.doubt;
    if (this.partner === null) throw new NoPartnerYet();
    return [mine, { person: this.partner.person, identity: this.partner.keys.at(-1) }];
  }

  // The public identity that we trust to be this person's under this key id, or undefined.
  trusted({ person, keyId }) {
    if (person === this.myPerson) return this.identities.find((each) => each.public.keyId === keyId)?.public;
    return this.partners.find((each) => each.person === person)?.keys.find((each) => each.keyId === keyId);
  }

  // Our own private identity under this key id, or undefined.
  mine(keyId) {
    return this.identities.find((each) => each.public.keyId === keyId);
  }
}

export async function trustedPair(shown, identities, memory) {
  const myPerson = mineIn(shown, identities, memory);
  let { partners } = memory;
  if (partners.length === 0) partners = await partnersWeSealedTo(shown, identities, myPerson);
  try {
    partners = await withCurrent(partners, shown, identities);
    return new Pair({ identities, myPerson, partners, doubt: null, shown });
  } catch (doubt) {
    if (!(doubt instanceof NotebookError)) throw doubt;
    return new Pair({ identities, myPerson, partners, doubt, shown });
  }
}

// The partners once somebody has compared these words with the other person; new keys and new people are accepted so.
export async function comparedPartners(shown, pair, words) {
  const other = otherIn(shown, pair.identities);
  const offered = other && (await currentOf(other));
  if (!offered) throw new WordsDiffer();
  requireWords(words, await fingerprintWords(offered));
  const known = pair.partners.find((each) => each.person === other.person) ?? { person: other.person, keys: [] };
  const keys = [...known.keys.filter((each) => each.keyId !== offered.keyId), offered];
  return [...pair.partners.filter((each) => each !== known), { ...known, keys, compared: true }];
}

// The mentor of another relationship as the service shows them, {person, identity, words}, or null while they have no
// keys. Nothing of it is trusted before somebody compared the words.
export async function shownMentor(shown) {
  const mentor = shown.participants.find((each) => each.part === "mentor");
  const identity = mentor && (await currentOf(mentor));
  return identity ? { person: mentor.person, identity, words: await fingerprintWords(identity) } : null;
}

export function requireWords(typed, words) {
  if (normalised(typed) !== words) throw new WordsDiffer();
}

function mineIn(shown, identities, memory) {
  const mine = [...shown.participants, ...shown.furtherReaders].filter((each) => each.person === shown.caller);
  const currentKeyId = mine[0]?.currentKeyId ?? mine[0]?.publicKeys.at(-1)?.keyId;
  const isMine = mine.length === 1 && currentKeyId === identities.at(-1).public.keyId
    && [null, shown.caller].includes(memory.myPerson);
  if (!isMine) throw new MyKeysAreNotCurrent();
  return shown.caller;
}

function otherIn(shown, identities) {
  const isVisitor = shown.participants.every((each) => each.person !== shown.caller);
  const others = shown.participants.filter((each) => each.person !== shown.caller && (!isVisitor || each.part === "mentee"));
  if (others.length > 1) throw new UnexpectedReaders();
  const mine = new Set(identities.map((each) => each.public.keyId));
  if (others.length === 1 && mine.has(others[0].currentKeyId)) throw new PartnerHasMyKeys();
  return others[0] ?? null;
}

async function withCurrent(partners, shown, identities) {
  const other = otherIn(shown, identities);
  const offered = other && (await currentOf(other));
  const known = partners.at(-1);
  if (known === undefined) return offered ? [{ person: other.person, keys: [offered], compared: false }] : [];
  if (!offered) throw new PartnerHasChanged();
  if (other.person !== known.person) throw new PartnerHasChanged(await fingerprintWords(offered));
  if (offered.keyId !== known.keys.at(-1).keyId) throw new KeysHaveChanged(await fingerprintWords(offered));
  return partners;
}

function currentOf(participant) {
  const keys = participant.publicKeys.find((each) => each.keyId === participant.currentKeyId);
  return keys ? identityOf(keys) : null;
}

async function identityOf({ keyId, hpkePublic, signingPublic }) {
  let identity = null;
  try {
    identity = await PublicIdentity.of(hpkePublic, signingPublic);
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
  }
  if (identity?.keyId !== keyId) throw new NotUnderstood();
  return identity;
}

// In a browser that remembers nothing, our own signature under an epoch still tells to whom we sealed.
async function partnersWeSealedTo(shown, identities, myPerson) {
  const partners = new Map();
  for (const epoch of shown.epochs.filter((each) => each.audience === "shared")) {
    if (!(await isSignedByUs(epoch.statement, identities))) continue;
    const said = readStatement(epoch.statement).sealedKeyHashes;
    for (const reader of epoch.readers.filter((each) => each.person !== myPerson && said.has(each.keyId))) {
      const identity = await publishedBy(shown, reader);
      if (identity) remember(partners, reader.person, identity);
    }
  }
  return [...partners.values()];
}

function remember(partners, person, identity) {
  const known = partners.get(person) ?? { person, keys: [], compared: false };
  partners.delete(person);
  const keys = [...known.keys.filter((each) => each.keyId !== identity.keyId), identity];
  partners.set(person, { ...known, keys });
}

async function isSignedByUs(statement, identities) {
  try {
    const { granter } = readStatement(statement);
    const signer = identities.find((each) => each.public.keyId === granter);
    const [signed, signature] = [statement.subarray(0, -SIGNATURE_BYTES), statement.subarray(-SIGNATURE_BYTES)];
    return signer !== undefined && (await signer.public.hasSigned(signature, "epoch-signature", signed));
  } catch (error) {
    if (error instanceof SealingError) return false;
    throw error;
  }
}

function publishedBy(shown, { person, keyId }) {
  return publishedIn(shown, (keys, whose) => whose === person && keys.keyId === keyId);
}

async function publishedIn(shown, isSought) {
  for (const { person, publicKeys } of [...shown.participants, ...shown.furtherReaders]) {
    const keys = publicKeys.find((each) => isSought(each, person));
    if (keys) return identityOf(keys);
  }
  return null;
}

function normalised(words) {
  return words.toLowerCase().replace(/[^a-z]+/g, " ").trim();
}
