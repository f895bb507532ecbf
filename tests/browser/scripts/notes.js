// Runs the vectors of the sealed note, and seals and opens for the tests; each answers what went otherwise.

import {
  Audience, Identity, Kind, PublicIdentity, fingerprintWords, grantEpoch, hex, implementation, newIdentity, openEntry,
  openGrant, openPassedOn, sealEntry, slotAfter, tipAfter, unhex, verifyChain, verifyChainBackwards, EMPTY,
} from "BUNDLE/sealing.js";
import { forEach, refused, replayed, same } from "./checking.js";

export { implementation };

let world = null;

export async function remember(vectors) {
  world = { ...vectors, people: new Map(), keys: new Map() };
  for (const each of vectors.identities.cases) {
    world.people.set(each.name, await Identity.fromBytes(unhex(each.private)));
  }
  for (const each of vectors.grants.cases) {
    world.keys.set(each.name, await openedAs(each, each.expected.readers.at(-1)));
  }
}

export async function goodIdentities() {
  return forEach(world.identities.cases, async (each) => {
    const identity = world.people.get(each.name);
    same(hex(identity.toBytes()), each.private);
    same(hex(identity.public.toBytes()), each.public);
    same((await PublicIdentity.fromBytes(unhex(each.public))).keyId, each.key_id);
    same(identity.public.keyId, each.key_id);
    same(await fingerprintWords(identity.public), each.fingerprint);
  });
}

export function refusedIdentities() {
  return forEach(world.identities.refused, (each) => refused(each, () => (
    each.form === "public" ? PublicIdentity.fromBytes(unhex(each.bytes)) : Identity.fromBytes(unhex(each.bytes))
  )));
}

export function goodGrants() {
  return forEach(world.grants.cases, async (each) => {
    const wrapping = new Set();
    for (const reader of Object.keys(each.sealed_keys)) {
      const key = await openedAs(each, reader);
      same(key.epoch.statementHash, each.statement_hash);
      wrapping.add(hex(await key.wrappingKey()));
    }
    same(wrapping.size, 1);
  });
}

export function refusedGrants() {
  return forEach(world.grants.refused, (each) => refused(each, async () => openGrant(
    unhex(each.statement),
    unhex(each.sealed_key),
    { reader: world.people.get(each.reader), expected: expectedOf(each.expected) },
  )));
}

// Every epoch that was passed on opens to the key that its own readers have.
export function goodPassedOn() {
  return forEach(world.passed_on.cases, async (each) => {
    same(hex(await (await openedLater(each)).wrappingKey()), hex(await world.keys.get(each.grant).wrappingKey()));
  });
}

export function refusedPassedOn() {
  return forEach(world.passed_on.refused, (each) => refused(each, () => openedLater(each)));
}

export function goodEntries() {
  return forEach(world.entries.cases, async (each) => {
    const body = { kind: Kind[each.kind.toUpperCase()], text: each.text.repeat(each.times) };
    const [author, notebookKey] = [world.people.get(each.author), world.keys.get(each.grant)];
    const draw = replayed(unhex(each.randomness));
    const sealed = await sealEntry(body, slotOf(each), { author, notebookKey, draw });
    same(draw.left(), 0);
    same(sealed.entry.length, each.entry_length);
    same(sealed.tip.entryHash, each.entry_hash);
    same(hex(sealed.wrappedKey), each.wrapped_key);
    if (each.entry !== null) same(hex(sealed.entry), each.entry);
    const opened = await openEntry(sealed, slotOf(each), { notebookKey, author: author.public });
    same(opened.body.text, body.text);
    same(opened.body.kind, body.kind);
  });
}

export function refusedEntries() {
  return forEach(world.entries.refused, (each) => refused(each, async () => openEntry(
    { entry: unhex(each.entry), wrappedKey: unhex(each.wrapped_key) },
    slotOf(each),
    { notebookKey: world.keys.get(each.grant), author: each.author ? world.people.get(each.author).public : null },
  )));
}

export function goodChains() {
  return forEach(world.chains.cases, async (each) => {
    const last = each.chain.at(-1);
    const tip = last === undefined ? EMPTY : await tipAfter(unhex(world.chains.entries[last]));
    same((await verified(each)).entryHash, tip.entryHash);
  });
}

export function refusedChains() {
  return forEach(world.chains.refused, async (each) => {
    same((await refused(each, () => verified(each))).position ?? null, each.position);
  });
}

// Seals a text for somebody else and for a reader made here; what is needed to open both is answered as hex.
export async function sealFor(reader, text) {
  const [other, granter] = [await PublicIdentity.fromBytes(unhex(reader)), await newIdentity()];
  const strand = { notebookId: crypto.randomUUID(), audience: Audience.SHARED };
  const granted = await grantEpoch(granter, [granter.public, other], { strand });
  const slot = slotAfter(EMPTY, crypto.randomUUID());
  const body = { kind: Kind.REFLECTION, text };
  const sealed = await sealEntry(body, slot, { author: granter, notebookKey: granted.notebookKey });
  return {
    notebook: strand.notebookId,
    entryId: slot.entryId,
    granter: hex(granter.public.toBytes()),
    statement: hex(granted.statement),
    sealedKey: hex(granted.sealedKeys.get(other.keyId)),
    entry: hex(sealed.entry),
    wrappedKey: hex(sealed.wrappedKey),
  };
}

// Opens what was sealed elsewhere for the reader whose private identity is given.
export async function openAs(reader, made) {
  const [me, granter] = [await Identity.fromBytes(unhex(reader)), await PublicIdentity.fromBytes(unhex(made.granter))];
  const strand = { notebookId: made.notebook, audience: Audience.SHARED };
  const expected = { strand, granter, readers: [granter, me.public] };
  const notebookKey = await openGrant(unhex(made.statement), unhex(made.sealedKey), { reader: me, expected });
  const sealed = { entry: unhex(made.entry), wrappedKey: unhex(made.wrappedKey) };
  const opened = await openEntry(sealed, slotAfter(EMPTY, made.entryId), { notebookKey, author: granter });
  return opened.body.text;
}

// The same chains from the last entry to the first.
export async function chainsBackwards() {
  const good = await forEach(world.chains.cases, async (each) => {
    same((await verified(each, verifyChainBackwards)).entryHash, (await verified(each)).entryHash);
  });
  const refusals = await forEach(world.chains.refused, (each) => refused(each, () => verified(each, verifyChainBackwards)));
  return { count: good.count + refusals.count, wrong: { ...good.wrong, ...refusals.wrong } };
}

function verified(each, verify = verifyChain) {
  const entries = each.chain.map((index) => unhex(world.chains.entries[index]));
  const epochs = ["shared-1", "shared-2"].map((name) => world.keys.get(name).epoch);
  const seen = each.remembered && { position: each.remembered.position, entryHash: each.remembered.entry_hash };
  return verify(entries, epochs, { remembered: seen });
}

function expectedOf(expected) {
  return {
    strand: { notebookId: expected.notebook_id, audience: Audience[expected.audience.toUpperCase()] },
    granter: world.people.get(expected.granter).public,
    readers: expected.readers.map((name) => world.people.get(name).public),
    previous: expected.previous ? world.keys.get(expected.previous).epoch : null,
    joinedAt: expected.joined_at,
  };
}

function openedAs(each, reader) {
  const how = { reader: world.people.get(reader), expected: expectedOf(each.expected) };
  return openGrant(unhex(each.statement), unhex(each.sealed_keys[reader]), how);
}

function openedLater(each) {
  const later = new Set(each.later.map((name) => world.people.get(name).public.keyId));
  const epoch = { ...world.keys.get(each.grant).epoch, later };
  const how = { epoch, granter: world.people.get(each.granter).public, reader: world.people.get(each.reader) };
  return openPassedOn({ statement: unhex(each.statement), sealedKey: unhex(each.sealed_key) }, how);
}

function slotOf(each) {
  const before = { position: each.position - 1, entryHash: each.previous_hash };
  return slotAfter(before, each.entry_id, each.amends);
}
