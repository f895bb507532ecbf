// Which epochs are believed (docs/specs/notebook.md, "What a participant's client believes", 5): those that a key we trust
// granted or passed on, and those that such a key follows by their hashes. One that is said to be of our own lost keys
// stays closed, so nothing rests on it.

import { SIGNATURE_BYTES } from "../sealing/encoding.js";
import { SealingError } from "../sealing/errors.js";
import { passedOnHash } from "../sealing/passing_on.js";
import { Audience, readStatement, statementHash } from "../sealing/statement.js";
import { UnexpectedReaders } from "./errors.js";

// Readers and granter of the epoch in one place of those that are shown, each under the keys that we trust or that are published.
export async function expectedReaders(shown, at, { circle, audience }) {
  const row = shown[at];
  requireAsSaid(row);
  const readers = await Promise.all(row.readers.map((each) => circle.trusted(each) ?? circle.published(each.keyId, each.person)));
  const granter = readers[row.readers.findIndex((each) => each.person === row.granter)];
  if (granter === undefined || readers.includes(null)) throw new UnexpectedReaders();
  const isOurs = row.readers.every((each) => each.person === circle.myPerson);
  const isBelieved = audience === Audience.OWN ? isOurs : readers.length > 1 && (await isVouchedFor(shown, at, circle));
  if (!isBelieved) throw new UnexpectedReaders();
  return { granter, readers };
}

// The statement must agree with every reader who is shown, and nobody is shown under two keys.
function requireAsSaid({ readers, statement }) {
  const said = readStatement(statement).sealedKeyHashes;
  const people = new Set(readers.map((each) => each.person));
  const isAsSaid = readers.length === said.size && people.size === said.size && readers.every((each) => said.has(each.keyId));
  if (!isAsSaid) throw new UnexpectedReaders();
}

async function isVouchedFor(shown, at, circle) {
  const row = shown[at];
  const given = row.passedOn.findLast((each) => each.reader === circle.myPerson);
  const isGiven = given !== undefined && circle.trusted({ person: given.granter, keyId: given.granterKeyId }) !== undefined;
  // Who lost keys holds none that they granted it to; else whoever makes up a key of ours could speak as us.
  const namesHeld = row.readers.some((each) => circle.mine(each.keyId) !== undefined);
  const isOfLostKeys = row.granter === circle.myPerson && !namesHeld;
  return granterOf(row, circle) !== undefined || isGiven || isOfLostKeys || (await isFollowed(shown, at, circle))
    || isPassedOn(row, circle);
}

// Whether a key that we trust, our own too, let anybody read it: that is done with what was believed.
async function isPassedOn({ statement, passedOn }, circle) {
  const hash = await statementHash(statement);
  for (const row of passedOn) {
    const giver = circle.trusted({ person: row.granter, keyId: row.granterKeyId });
    if (giver !== undefined && (await isWordOf(giver, row, hash))) return true;
  }
  return false;
}

async function isWordOf(giver, row, hash) {
  try {
    return (await passedOnHash(row.statement, giver)) === hash;
  } catch (error) {
    if (error instanceof SealingError) return false;
    throw error;
  }
}

// Whether the next epoch of a key that we trust leads back here, whoever granted those between.
async function isFollowed(shown, at, circle) {
  let hash = await statementHash(shown[at].statement);
  for (const later of shown.slice(at + 1)) {
    if (readStatement(later.statement).previousHash !== hash) return false;
    const granter = granterOf(later, circle);
    if (granter !== undefined) return isSignedBy(granter, later);
    hash = await statementHash(later.statement);
  }
  return false;
}

function isSignedBy(granter, { statement }) {
  const [signed, signature] = [statement.subarray(0, -SIGNATURE_BYTES), statement.subarray(-SIGNATURE_BYTES)];
  return granter.hasSigned(signature, "epoch-signature", signed);
}

function granterOf({ granter, statement }, circle) {
  return circle.trusted({ person: granter, keyId: readStatement(statement).granter });
}
