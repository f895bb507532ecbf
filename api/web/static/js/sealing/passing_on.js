// Epochs that one of their readers lets another key read later: after keys were lost, or for a successor. What is
// passed on is verified against the epoch that it is about (section 3.4).

import { Form, SIGNATURE_BYTES, concat, contentOf, hex, prefix, u32, unhex, uuidBytes, uuidOf } from "./encoding.js";
import { GrantBelongsElsewhere, NotForThisReader, SignatureIsNotTheGranters, WrongGranter } from "./errors.js";
import { NotebookKey } from "./notebook_key.js";
import { READ_PASSED_ON, openKey, sealKey, sealedKeyHash } from "./sealed_key.js";
import { audienceOf, isSameStrand } from "./statement.js";

const PASSED_ON_BYTES = 216;
const PURPOSE = "passing-on-signature";

// Lets a key read an epoch later; answers {statement, sealedKey}.
export async function passOn(notebookKey, reader, { granter }) {
  const { epoch } = notebookKey;
  requireReads(epoch, granter.public);
  const place = placeOf(epoch, granter.public);
  const sealedKey = await notebookKey.sealedBy((secret) => sealKey(secret, place, reader));
  const signed = concat(
    prefix(Form.PASSED_ON),
    Uint8Array.of(epoch.strand.audience),
    uuidBytes(epoch.strand.notebookId),
    u32(epoch.number),
    unhex(epoch.statementHash),
    unhex(granter.public.keyId),
    unhex(reader.keyId),
    unhex(await sealedKeyHash(sealedKey)),
  );
  return { statement: concat(signed, await granter.sign(PURPOSE, signed)), sealedKey };
}

// The epoch with its later reader, once checks 1 to 5 hold; no private key is needed.
export async function verifyPassedOn(statement, { epoch, granter, reader }) {
  const said = readPassedOn(statement);
  const isAbout = isSameStrand(said.strand, epoch.strand) && said.number === epoch.number
    && said.statementHash === epoch.statementHash;
  if (!isAbout) throw new GrantBelongsElsewhere();
  if (said.granter !== granter.keyId) throw new WrongGranter();
  requireReads(epoch, granter);
  await requireSigned(statement, granter);
  if (said.reader !== reader.keyId) throw new NotForThisReader();
  return Object.freeze({ ...epoch, later: new Set([...epoch.later, reader.keyId]) });
}

// The statement hash of the epoch that this granter let somebody read; the epoch itself is verified elsewhere.
export async function passedOnHash(statement, granter) {
  const said = readPassedOn(statement);
  if (said.granter !== granter.keyId) throw new WrongGranter();
  await requireSigned(statement, granter);
  return said.statementHash;
}

// The notebook key that was passed on to this reader, after every check, in their order.
export async function openPassedOn({ statement, sealedKey }, { epoch, granter, reader }) {
  const opened = await verifyPassedOn(statement, { epoch, granter, reader: reader.public });
  const said = { sealedKeyHash: readPassedOn(statement).sealedKeyHash, keyCommitment: epoch.keyCommitment };
  const secret = await openKey(sealedKey, { place: placeOf(epoch, granter), reader, said });
  return new NotebookKey(opened, secret);
}

function readPassedOn(statement) {
  const content = contentOf(statement, Form.PASSED_ON, PASSED_ON_BYTES);
  const bytes = (at, length) => content.subarray(at, at + length);
  return {
    strand: { audience: audienceOf(content[0]), notebookId: uuidOf(bytes(1, 16)) },
    number: new DataView(content.buffer, content.byteOffset).getUint32(17),
    statementHash: hex(bytes(21, 32)),
    granter: hex(bytes(53, 32)),
    reader: hex(bytes(85, 32)),
    sealedKeyHash: hex(bytes(117, 32)),
  };
}

async function requireSigned(statement, granter) {
  const [signed, signature] = [statement.subarray(0, -SIGNATURE_BYTES), statement.subarray(-SIGNATURE_BYTES)];
  if (!(await granter.hasSigned(signature, PURPOSE, signed))) throw new SignatureIsNotTheGranters();
}

function requireReads(epoch, granter) {
  if (!epoch.readers.has(granter.keyId) && !epoch.later.has(granter.keyId)) throw new WrongGranter();
}

function placeOf({ strand, number }, granter) {
  return { strand, number, granter, purpose: READ_PASSED_ON };
}
