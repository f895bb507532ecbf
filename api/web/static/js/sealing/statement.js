// The signed statement of an epoch: which strand, who reads it, who granted it. Read strictly, believed by nobody yet
// (section 3.2). A strand is {notebookId, audience}.

import {
  Form, HASH_BYTES, SIGNATURE_BYTES, concat, contentOf, hex, labelledHash, prefix, u32, unhex, uuidBytes, uuidOf,
} from "./encoding.js";
import { OutOfRange, UnknownFormat } from "./errors.js";

export const Audience = Object.freeze({ OWN: 1, SHARED: 2 });

const READERS_MAX = 256;
const HEAD_BYTES = 119;
const READER_BYTES = 2 * HASH_BYTES;

export function strandAt(strand, epoch) {
  return concat(uuidBytes(strand.notebookId), Uint8Array.of(strand.audience), u32(epoch));
}

export function isSameStrand(one, other) {
  return one.notebookId === other.notebookId && one.audience === other.audience;
}

export function audienceOf(value) {
  if (!Object.values(Audience).includes(value)) throw new UnknownFormat();
  return value;
}

export function readStatement(data) {
  const content = contentOf(data, Form.EPOCH_STATEMENT);
  if (content.length < HEAD_BYTES) throw new UnknownFormat();
  const view = new DataView(content.buffer, content.byteOffset);
  const bytes = (at, length) => content.subarray(at, at + length);
  const sealedKeyHashes = readersOf(content.subarray(HEAD_BYTES, -SIGNATURE_BYTES), view.getUint16(117));
  const epoch = view.getUint32(17);
  if (epoch === 0) throw new UnknownFormat();
  return {
    strand: { audience: audienceOf(content[0]), notebookId: uuidOf(bytes(1, 16)) },
    epoch,
    previousHash: hex(bytes(21, 32)),
    granter: hex(bytes(53, 32)),
    keyCommitment: hex(bytes(85, 32)),
    sealedKeyHashes,
  };
}

// All bytes that the granter signs.
export function signedBytes(statement) {
  const readers = [...statement.sealedKeyHashes].sort(([one], [other]) => (one < other ? -1 : 1));
  if (readers.length < 1 || readers.length > READERS_MAX) throw new OutOfRange();
  return concat(
    prefix(Form.EPOCH_STATEMENT),
    Uint8Array.of(statement.strand.audience),
    uuidBytes(statement.strand.notebookId),
    u32(statement.epoch),
    unhex(statement.previousHash),
    unhex(statement.granter),
    unhex(statement.keyCommitment),
    Uint8Array.of(readers.length >> 8, readers.length & 255),
    ...readers.flatMap(([keyId, sealedHash]) => [unhex(keyId), unhex(sealedHash)]),
  );
}

export function statementHash(statement) {
  return labelledHash("statement-hash", statement);
}

// Ascending and none twice, so that one set of readers has one encoding.
function readersOf(content, count) {
  if (count < 1 || count > READERS_MAX || content.length !== count * READER_BYTES) throw new UnknownFormat();
  const readers = new Map();
  let last = "";
  for (let at = 0; at < content.length; at += READER_BYTES) {
    const keyId = hex(content.subarray(at, at + HASH_BYTES));
    if (keyId <= last) throw new UnknownFormat();
    readers.set(keyId, hex(content.subarray(at + HASH_BYTES, at + READER_BYTES)));
    last = keyId;
  }
  return readers;
}
