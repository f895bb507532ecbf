// Epochs of a strand: the notebook key sealed to each reader, and the granter's word for who they are (section 3).
// An epoch is verified before it is used: its place, granter, readers and signature are what the caller expects.
//
// What is expected is {strand, granter, readers, previous, joinedAt}: public identities, and the verified epoch before
// or null. Whoever joins at a later epoch could not read the one before and says joinedAt.

import {
  Form, KEY_BYTES, PREFIX_BYTES, SIGNATURE_BYTES, SUITE_LABEL, TAG_BYTES, ZERO,
  ascii, concat, contentOf, counted, derive, hex, isSame, label, labelledHash, lp, prefix, random, u32, unhex, uuidBytes,
} from "./encoding.js";
import {
  CommitmentDoesNotMatch, GrantBelongsElsewhere, GrantWasAltered, NotForThisReader, SignatureIsNotTheGranters,
  WrongGranter, WrongReaders,
} from "./errors.js";
import { ENC_BYTES } from "./hpke.js";
import { Audience, isSameStrand, readStatement, signedBytes, statementHash, strandAt } from "./statement.js";

const SEALED_KEY_BYTES = PREFIX_BYTES + ENC_BYTES + KEY_BYTES + TAG_BYTES;

// A verified epoch that this participant can read and write.
export class NotebookKey {
  #secret;

  constructor(epoch, secret) {
    this.epoch = epoch;
    this.#secret = secret;
  }

  wrappingKey() {
    return derive(this.#secret, "entry-key-wrapping", strandAt(this.epoch.strand, this.epoch.number));
  }

  forget() {
    this.#secret.fill(0);
  }
}

export async function grantEpoch(granter, readers, { strand, previous = null, draw = random }) {
  const place = placeOf({ strand, granter: granter.public, readers, previous });
  const byKeyId = allowedReaders(place);
  const secret = draw(KEY_BYTES);
  const sealedKeys = new Map();
  const sealedKeyHashes = new Map();
  for (const [keyId, reader] of byKeyId) {
    const sealed = await reader.seal(secret, infoFor(place, reader));
    sealedKeys.set(keyId, concat(prefix(Form.SEALED_NOTEBOOK_KEY), sealed));
    sealedKeyHashes.set(keyId, await sealedHash(sealedKeys.get(keyId)));
  }
  const signed = signedBytes({
    strand,
    epoch: counted(place.number),
    previousHash: previous ? previous.statementHash : ZERO,
    granter: granter.public.keyId,
    keyCommitment: hex(await commitment(secret, place)),
    sealedKeyHashes,
  });
  const statement = concat(signed, await granter.sign("epoch-signature", signed));
  const epoch = await epochOf(place, byKeyId, statement);
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
  return epochOf(place, readers, statement);
}

// The notebook key that was sealed to this reader, after every check of section 3.3, in its order.
export async function openGrant(statement, sealedKey, { reader, expected }) {
  const epoch = await verifyEpoch(statement, expected);
  const [said, place] = [readStatement(statement), placeOf(expected)];
  if (!said.sealedKeyHashes.has(reader.public.keyId)) throw new NotForThisReader();
  if ((await sealedHash(sealedKey)) !== said.sealedKeyHashes.get(reader.public.keyId)) throw new GrantWasAltered();
  const content = contentOf(sealedKey, Form.SEALED_NOTEBOOK_KEY, SEALED_KEY_BYTES);
  const secret = await reader.open(content, infoFor(place, reader.public));
  if (secret === null || secret.length !== KEY_BYTES) throw new GrantWasAltered();
  if (!isSame(await commitment(secret, place), unhex(said.keyCommitment))) throw new CommitmentDoesNotMatch();
  return new NotebookKey(epoch, secret);
}

function placeOf({ strand, granter, readers, previous = null, joinedAt = 1 }) {
  if (previous && !isSameStrand(previous.strand, strand)) throw new GrantBelongsElsewhere();
  const number = previous ? previous.number + 1 : joinedAt;
  // When a reader joined later, only the granter knows the statement before.
  const atFirst = joinedAt === 1 ? ZERO : null;
  const previousHash = previous ? previous.statementHash : atFirst;
  return { strand, granter, readers, previous, number, previousHash };
}

// The rules of section 3.2.
function allowedReaders({ strand, granter, readers, previous }) {
  const byKeyId = new Map(readers.map((reader) => [reader.keyId, reader]));
  const isAllowed = byKeyId.size === readers.length && byKeyId.has(granter.keyId)
    && (strand.audience !== Audience.OWN || byKeyId.size === 1)
    && (previous === null || previous.readers.has(granter.keyId));
  if (!isAllowed) throw new WrongReaders();
  return byKeyId;
}

async function epochOf(place, readers, statement) {
  const { strand, number } = place;
  return Object.freeze({ strand, number, readers, statementHash: await statementHash(statement) });
}

// Section 3.1: HPKE binds where the key belongs, who granted it, to whom and what for.
function infoFor(place, reader) {
  return lp(
    label("notebook-key"),
    SUITE_LABEL,
    uuidBytes(place.strand.notebookId),
    Uint8Array.of(place.strand.audience),
    u32(place.number),
    unhex(place.granter.keyId),
    unhex(reader.keyId),
    ascii("read"),
  );
}

function commitment(secret, place) {
  return derive(secret, "notebook-commitment", strandAt(place.strand, place.number));
}

function sealedHash(sealedKey) {
  return labelledHash("sealed-key-hash", sealedKey);
}
