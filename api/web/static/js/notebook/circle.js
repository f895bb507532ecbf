// Who takes part in a notebook, a pair or a group, as far as this page believes the service about it. The rules:
// 1. The service shows our own keys as ours, and us as the person we have been since we first looked.
// 2. The others are those we know, each under the keys that we trust as theirs: those remembered here, else those to whom
//    we sealed before, which our own signature tells, else the one whom we see first. Of several, nobody is trusted unseen.
//    Other keys and other people only once their words were compared, or once a member whom we trust has sealed to them;
//    and nobody is gone before we, or such a member, said so.
// A break of the second is a doubt about the others: it stops what is shared, and never our own notes.

import { fingerprintWords } from "../sealing/fingerprint.js";
import { Audience } from "../sealing/statement.js";
import {
  KeysHaveChanged, MyKeysAreNotCurrent, NoPartnerYet, NotebookError, PartnerHasChanged, PartnerHasMyKeys,
  SomebodyHasJoined, SomebodyHasNoKeys, SomebodyIsMissing, StillTakesPart, UnexpectedReaders, WordsDiffer,
} from "./errors.js";
import { toldByMembers } from "./introductions.js";
import { identityOf, publishedIn } from "./published.js";

// Who we are and who the others are: [{person, keys, compared, hasLeft}], of each the current keys last.
export class Circle {
  #shown;

  constructor({ identities, myPerson, others, doubt, shown }) {
    this.#shown = shown;
    this.identities = identities;
    this.me = identities.at(-1);
    this.myPerson = myPerson;
    this.others = others;
    this.doubt = doubt;
  }

  // What a later look says of the others.
  update(later) {
    this.others = later.others;
    this.doubt = later.doubt;
    this.#shown = later.#shown;
  }

  // The public keys that anybody here, or this person, has published under this key id, which binds them; nobody is
  // believed to be whose they are said to be.
  published(keyId, person = null) {
    return publishedIn(this.#shown, keyId, person);
  }

  get isMentee() {
    return this.partOf(this.myPerson) === "mentee";
  }

  // Whether these are notes of others, passed on to us.
  get isVisitor() {
    return this.partOf(this.myPerson) === null;
  }

  // The others who take part now, as far as we believe it.
  get present() {
    return this.others.filter((each) => !each.hasLeft);
  }

  partOf(person) {
    return this.#shown.participants.find((each) => each.person === person)?.part ?? null;
  }

  // Who reads what is written now: [{person, identity}].
  readersOf(audience) {
    const mine = { person: this.myPerson, identity: this.me.public };
    if (audience === Audience.OWN) return [mine];
    if (this.doubt) throw this.doubt;
    if (this.present.length === 0) throw new NoPartnerYet();
    if (this.#shown.participants.some((each) => each.currentKeyId === null)) throw new SomebodyHasNoKeys();
    return [mine, ...this.present.map(({ person, keys }) => ({ person, identity: keys.at(-1) }))];
  }

  // The public identity that we trust to be this person's under this key id, or undefined.
  trusted({ person, keyId }) {
    if (person === this.myPerson) return this.identities.find((each) => each.public.keyId === keyId)?.public;
    return this.others.find((each) => each.person === person)?.keys.find((each) => each.keyId === keyId);
  }

  // Our own private identity under this key id, or undefined.
  mine(keyId) {
    return this.identities.find((each) => each.public.keyId === keyId);
  }

  // Whose key this is, as far as we know: their person, or null.
  personOf(keyId) {
    return this.others.find((each) => each.keys.some((key) => key.keyId === keyId))?.person ?? null;
  }
}

// Who left a group only reads what is theirs there, and has no doubts about the others.
export async function trustedCircle(shown, strand, { identities, memory, isGroup }) {
  const myPerson = mineIn(shown, identities, memory);
  const hasLeft = isGroup && shown.participants.every((each) => each.person !== myPerson);
  if (hasLeft) return new Circle({ identities, myPerson, others: memory.others, doubt: null, shown });
  const known = { identities, myPerson, strand, epoch: memory.shared?.epoch ?? 0 };
  let { others } = memory;
  try {
    others = await toldByMembers(others, shown, known);
    others = await withCurrent(others, shown, identities);
    return new Circle({ identities, myPerson, others, doubt: null, shown });
  } catch (doubt) {
    if (!(doubt instanceof NotebookError)) throw doubt;
    return new Circle({ identities, myPerson, others, doubt, shown });
  }
}

// The others once somebody has compared these words with one of them; new keys and new people are accepted so, and who
// is in the place of the only other one takes it.
export async function comparedOthers(shown, circle, words) {
  const said = (await offeredIn(shown, circle.identities)).filter((each) => each.words === normalised(words));
  if (said.length !== 1) throw new WordsDiffer();
  const [{ person, identity }] = said;
  const known = circle.others.find((each) => each.person === person) ?? { person, keys: [] };
  const keys = [...known.keys.filter((each) => each.keyId !== identity.keyId), identity];
  const rest = circle.others.filter((each) => each !== known);
  const isReplaced = shown.participants.length === 2 && circle.partOf(person) !== null;
  const others = isReplaced ? rest.map((each) => ({ ...each, hasLeft: true })) : rest;
  return [...others, { ...known, keys, compared: true, hasLeft: false }];
}

// The others once we said that whoever is missing has left.
export function withoutMissing(shown, circle) {
  const isMissing = ({ person }) => shown.participants.every((each) => each.person !== person);
  if (!circle.present.some(isMissing)) throw new StillTakesPart();
  return circle.others.map((each) => (isMissing(each) ? { ...each, hasLeft: true } : each));
}

// The mentor of another relationship as the service shows them, {person, identity, words}, or null while they have no
// keys. Nothing of it is trusted before somebody compared the words.
export async function shownMentor(shown) {
  const mentor = shown.participants.find((each) => each.part === "mentor");
  const identity = mentor && (await currentOf(mentor));
  return identity ? { person: mentor.person, identity, words: await fingerprintWords(identity) } : null;
}

// Everybody else who takes part and has keys, with the words of the keys shown now: [{person, part, words, compared}].
export async function othersShown(shown, { identities, present }) {
  const offered = await offeredIn(shown, identities).catch(noneIfRefused);
  return offered.map(({ person, part, identity, words }) => {
    const known = present.find((each) => each.person === person);
    return { person, part, words, compared: known?.compared === true && known.keys.at(-1).keyId === identity.keyId };
  });
}

// Everybody whom the service names and who has keys: [{person, part, isMe, isReading, words}].
export async function readersShown(shown) {
  const everybody = [...shown.participants, ...shown.furtherReaders].filter((each) => each.publicKeys.length > 0);
  return Promise.all(everybody.map(async ({ person, part, publicKeys }) => ({
    person,
    part,
    isMe: person === shown.caller,
    isReading: shown.stillReading.includes(person),
    words: await fingerprintWords(await identityOf(publicKeys.at(-1))),
  })));
}

export function requireWords(typed, words) {
  if (normalised(typed) !== words) throw new WordsDiffer();
}

// Every other who takes part and has keys, with the words of these: [{person, part, identity, words}].
async function offeredIn(shown, identities) {
  const offered = [];
  for (const each of othersIn(shown, identities)) {
    const identity = await currentOf(each);
    if (identity) offered.push({ person: each.person, part: each.part, identity, words: await fingerprintWords(identity) });
  }
  return offered;
}

function mineIn(shown, identities, memory) {
  const mine = [...shown.participants, ...shown.furtherReaders].filter((each) => each.person === shown.caller);
  const currentKeyId = mine[0]?.currentKeyId ?? mine[0]?.publicKeys.at(-1)?.keyId;
  const isMine = mine.length === 1 && currentKeyId === identities.at(-1).public.keyId
    && [null, shown.caller].includes(memory.myPerson);
  if (!isMine) throw new MyKeysAreNotCurrent();
  return shown.caller;
}

// To a visitor only the mentee matters, who let them read.
function othersIn(shown, identities) {
  const isVisitor = shown.participants.every((each) => each.person !== shown.caller);
  const others = shown.participants.filter((each) => each.person !== shown.caller && (!isVisitor || each.part === "mentee"));
  const mine = new Set(identities.map((each) => each.public.keyId));
  if (others.some((each) => mine.has(each.currentKeyId))) throw new PartnerHasMyKeys();
  if (new Set(others.map((each) => each.person)).size !== others.length) throw new UnexpectedReaders();
  return others;
}

async function withCurrent(others, shown, identities) {
  const there = othersIn(shown, identities);
  const offered = await offeredIn(shown, identities);
  if (others.length === 0 && there.length === 1) {
    return offered.map(({ person, identity }) => ({ person, keys: [identity], compared: false, hasLeft: false }));
  }
  const present = others.filter((each) => !each.hasLeft);
  const isThere = ({ person }) => there.some((each) => each.person === person);
  const newcomer = offered.find((each) => present.every(({ person }) => person !== each.person));
  if (!present.every(isThere)) await missing(present.find((each) => !isThere(each)), newcomer);
  for (const { person, keys } of present) {
    const now = offered.find((each) => each.person === person);
    if (now?.identity.keyId !== keys.at(-1).keyId) throw new KeysHaveChanged(now?.words ?? null);
  }
  if (newcomer) throw new SomebodyHasJoined(newcomer.words);
  return others;
}

async function missing({ keys }, newcomer) {
  if (newcomer) throw new PartnerHasChanged(newcomer.words);
  throw new SomebodyIsMissing(await fingerprintWords(keys.at(-1)));
}

function currentOf(participant) {
  const keys = participant.publicKeys.find((each) => each.keyId === participant.currentKeyId);
  return keys ? identityOf(keys) : null;
}

function normalised(words) {
  return words.toLowerCase().replace(/[^a-z]+/g, " ").trim();
}

// What is wrong with them is told as a doubt.
function noneIfRefused(error) {
  if (error instanceof NotebookError) return [];
  throw error;
}
