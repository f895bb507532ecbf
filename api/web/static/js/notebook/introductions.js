// What the signed words of members tell of who takes part: whom they sealed to since, and who is gone. Our own word counts
// too: in a browser that remembers nothing it still tells to whom we sealed. Whoever reads could hand on what they read, so
// their word for who else reads takes nothing from anybody's safety.

import { SealingError } from "../sealing/errors.js";
import { SIGNATURE_BYTES } from "../sealing/encoding.js";
import { isSameStrand, readStatement } from "../sealing/statement.js";
import { publishedIn } from "./published.js";

// The others whom we know, with those who joined and without those who left on a trusted member's word. Nobody's keys are
// replaced so: other keys of somebody whom we know are for us to compare.
export async function toldByMembers(others, shown, { identities, myPerson, strand, epoch }) {
  if (isEverybody(others, shown, myPerson)) return others;
  const settled = new Set([myPerson, ...others.map((each) => each.person)]);
  const trusted = trustedKeys(others, identities, myPerson);
  const said = await everySigned(shown, { trusted, strand, settled });
  const newest = said.toSorted((one, other) => one.epoch - other.epoch).at(-1);
  const isUnnamed = ({ keys }) => keys.every((key) => !newest.sealedKeyHashes.has(key.keyId));
  const isNews = newest !== undefined && newest.epoch > epoch;
  const stayed = others.map((each) => (isNews && !isShown(shown, each) && isUnnamed(each) ? { ...each, hasLeft: true } : each));
  return [...stayed, ...joined(trusted, settled).map((each) => ({ ...each, hasLeft: isUnnamed(each) }))];
}

function isEverybody(others, shown, myPerson) {
  const present = others.filter((each) => !each.hasLeft);
  return present.every((each) => isShown(shown, each))
    && shown.participants.every(({ person }) => person === myPerson || present.some((each) => each.person === person));
}

function isShown(shown, { person }) {
  return shown.participants.some((each) => each.person === person);
}

// Every key that we trust: person and key id, to the keys.
function trustedKeys(others, identities, myPerson) {
  const trusted = new Map(identities.map((each) => [nameOf(myPerson, each.public.keyId), each.public]));
  for (const { person, keys } of others) for (const key of keys) trusted.set(nameOf(person, key.keyId), key);
  return trusted;
}

// The statements that a trusted key signed, or one that such a statement names; all these are trusted afterwards.
async function everySigned(shown, { trusted, strand, settled }) {
  const rows = shown.epochs.filter((each) => each.audience === "shared");
  for (;;) {
    const [said, before] = [[], trusted.size];
    for (const row of rows) {
      const statement = await signedBy(row, trusted, strand);
      if (statement === null) continue;
      said.push(statement);
      await introduce(row, statement, { shown, trusted, settled });
    }
    if (trusted.size === before) return said;
  }
}

async function introduce({ readers }, statement, { shown, trusted, settled }) {
  for (const { person, keyId } of readers) {
    if (settled.has(person) || !statement.sealedKeyHashes.has(keyId)) continue;
    const identity = await publishedIn(shown, keyId, person);
    if (identity) trusted.set(nameOf(person, keyId), identity);
  }
}

async function signedBy({ granter, statement }, trusted, strand) {
  try {
    const said = readStatement(statement);
    const signer = trusted.get(nameOf(granter, said.granter));
    const [signed, signature] = [statement.subarray(0, -SIGNATURE_BYTES), statement.subarray(-SIGNATURE_BYTES)];
    const isSigned = signer && isSameStrand(said.strand, strand) && (await signer.hasSigned(signature, "epoch-signature", signed));
    return isSigned ? said : null;
  } catch (error) {
    if (error instanceof SealingError) return null;
    throw error;
  }
}

function joined(trusted, settled) {
  const found = new Map();
  for (const [name, key] of trusted) {
    const person = name.split(" ")[0];
    if (settled.has(person)) continue;
    found.set(person, { person, keys: [...(found.get(person)?.keys ?? []), key], compared: false });
  }
  return [...found.values()];
}

function nameOf(person, keyId) {
  return `${person} ${keyId}`;
}
