// Epochs of a strand: the notebook key sealed to each reader, and the granter's word for who they are (section 3).
// An epoch is verified before it is used: its place, granter, readers and signature are what the caller expects.
//
// What is expected is {strand, granter, readers, previous, joinedAt}: public identities, and the verified epoch before
// or null. Whoever joins at a later epoch could not read the one before and says joinedAt.

import { KEY_BYTES, SIGNATURE_BYTES, ZERO, concat, counted, random } from "./encoding.js";
import {
  GrantBelongsElsewhere, NotForThisReader, SignatureIsNotTheGranters, WrongGranter, WrongReaders,
} from "./errors.js";
import { NotebookKey } from "./notebook_key.js";
import { READ, commitment, openKey, sealKey, sealedKeyHash } from "./sealed_key.js";
import { Audience, isSameStrand, readStatement, signedBytes, statementHash } from "./statement.js";

export async function grantEpoch(granter, readers, { strand, previous = null, draw = random }) {
  const place = placeOf({ strand, granter: granter.public, readers, previous });
  const byKeyId = allowedReaders(place);
  const secret = draw(KEY_BYTES);
  const sealedKeys = new Map();
  const sealedKeyHashes = new Map();
  for (const [keyId, reader] of byKeyId) {
    sealedKeys.set(keyId, await sealKey(secret, place, reader));
    sealedKeyHashes.set(keyId, await sealedKeyHash(sealedKeys.get(keyId)));
  }
  const keyCommitment = await commitment(secret, place);
  const signed = signedBytes({
    strand,
    epoch: counted(place.number),
    previousHash: previous ? previous.statementHash : ZERO,
    granter: granter.public.keyId,
    keyCommitment,
    sealedKeyHashes,
  });
  const statement = concat(signed, await granter.sign("epoch-signature", signed));
  const epoch = await epochOf(place, byKeyId, { statement, keyCommitment });
  return { statement, sealedKeys, notebookKey: new NotebookKey(epoch, secret) };
}

// Checks 1 to 5 of section 3.3; no private key is needed.
export async function verifyEpoch(statement, expected) {
  const said = readStatement(statement);
  const place = placeOf(expected);
  if (!isSameStrand(said.strand, place.strand) || said.epoch !== place.number) throw new GrantBelongsElsewhere();
  if (place.previousHash !== null && said.previousHash !== place.previousHash) throw new GrantBelongsElsewhere();
  if (said.granter !== place.granter.keyId) throw new WrongGranter();
  const readers = allowedReaders(place);
  if (said.sealedKeyHashes.size !== readers.size) throw new WrongReaders();
  if ([...said.sealedKeyHashes.keys()].some((keyId) => !readers.has(keyId))) throw new WrongReaders();
  const [signed, signature] = [statement.subarray(0, -SIGNATURE_BYTES), statement.subarray(-SIGNATURE_BYTES)];
  if (!(await place.granter.hasSigned(signature, "epoch-signature", signed))) throw new SignatureIsNotTheGranters();
  return epochOf(place, readers, { statement, keyCommitment: said.keyCommitment });
}

// The notebook key that was sealed to this reader, after every check of section 3.3, in its order.
export async function openGrant(statement, sealedKey, { reader, expected }) {
  const epoch = await verifyEpoch(statement, expected);
  const [said, place] = [readStatement(statement), placeOf(expected)];
  if (!said.sealedKeyHashes.has(reader.public.keyId)) throw new NotForThisReader();
  const hashed = said.sealedKeyHashes.get(reader.public.keyId);
  const committed = { sealedKeyHash: hashed, keyCommitment: said.keyCommitment };
  const secret = await openKey(sealedKey, { place, reader, said: committed });
  return new NotebookKey(epoch, secret);
}

function placeOf({ strand, granter, readers, previous = null, joinedAt = 1 }) {
  if (previous && !isSameStrand(previous.strand, strand)) throw new GrantBelongsElsewhere();
  const number = previous ? previous.number + 1 : joinedAt;
  // When a reader joined later, only the granter knows the statement before.
  const atFirst = joinedAt === 1 ? ZERO : null;
  const previousHash = previous ? previous.statementHash : atFirst;
  return { strand, granter, readers, previous, number, previousHash, purpose: READ };
}

// The rules of section 3.2: an author goes on with new keys, also when the old ones are lost; in a shared strand the
// granter read the epoch before.
function allowedReaders({ strand, granter, readers, previous }) {
  const byKeyId = new Map(readers.map((reader) => [reader.keyId, reader]));
  const hasRead = previous === null || previous.readers.has(granter.keyId) || previous.later.has(granter.keyId);
  const isAllowed = strand.audience === Audience.OWN ? byKeyId.size === 1 : hasRead;
  if (byKeyId.size !== readers.length || !byKeyId.has(granter.keyId) || !isAllowed) throw new WrongReaders();
  return byKeyId;
}

// A verified epoch: nothing secret, enough to verify entries. `later` are the key ids that it was passed on to.
async function epochOf({ strand, number }, readers, { statement, keyCommitment }) {
  const hash = await statementHash(statement);
  return Object.freeze({ strand, number, readers, statementHash: hash, keyCommitment, later: new Set() });
}
