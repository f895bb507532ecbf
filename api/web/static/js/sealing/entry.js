// Entries: one text sealed under a key of its own, signed by its author, opened only where it belongs (section 4).
// The checks run in the order of section 4.5, and nothing is decrypted before its author's signature holds.

import {
  Form, HASH_BYTES, KEY_BYTES, NONCE_BYTES, PREFIX_BYTES, SIGNATURE_BYTES, TAG_BYTES,
  concat, contentOf, derive, isSame, label, labelledHash, lp, prefix, random,
} from "./encoding.js";
import {
  CommitmentDoesNotMatch, EntryBelongsElsewhere, SignatureIsNotTheAuthors, UnknownFormat, WrongAuthor,
} from "./errors.js";
import { gcmOpen, gcmSeal } from "./gcm.js";
import { HEADER_BYTES, headerBytes, headerOf, isSameSlot } from "./header.js";
import { BUCKETS, pad, unpad } from "./padding.js";
import { isSameStrand } from "./statement.js";

const NONCE_AT = HEADER_BYTES + HASH_BYTES;
const AROUND_BODY = NONCE_AT + NONCE_BYTES + TAG_BYTES + SIGNATURE_BYTES;
const WRAPPED_KEY_BYTES = PREFIX_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES;

// Seals {kind, text} into a slot of the strand; answers {entry, wrappedKey, tip}.
export async function sealEntry(body, slot, { author, notebookKey, draw = random }) {
  const padded = pad(body);
  const { strand, number: epoch, readers, statementHash } = notebookKey.epoch;
  if (!readers.has(author.public.keyId)) throw new WrongAuthor();
  const header = headerBytes({ strand, epoch, statementHash, slot, author: author.public.keyId });
  const entryKey = draw(KEY_BYTES);
  const wrappingKey = await notebookKey.wrappingKey();
  const wrapped = await gcmSeal(wrappingKey, draw(NONCE_BYTES), entryKey, wrappingContext(header));
  const [encryptionKey, commitment] = await keysOf(entryKey, header);
  const sealed = await gcmSeal(encryptionKey, draw(NONCE_BYTES), padded, header);
  const signed = concat(header, commitment, sealed);
  const entry = concat(signed, await author.sign("entry-signature", signed));
  return { entry, wrappedKey: concat(prefix(Form.WRAPPED_ENTRY_KEY), wrapped), tip: await tipAfter(entry) };
}

// What an entry says about itself, strictly read and not yet believed.
export function readHeader(entry) {
  const header = headerOf(entry);
  if (!BUCKETS.some((size) => entry.length === AROUND_BODY + size)) throw new UnknownFormat();
  return header;
}

export async function tipAfter(entry) {
  const { position } = readHeader(entry).slot;
  return Object.freeze({ position, entryHash: await labelledHash("entry-hash", entry) });
}

// Where the strand ended before this entry, on its author's word; for a reader who joined here.
export function tipBefore(entry) {
  const { position, previousHash } = readHeader(entry).slot;
  return Object.freeze({ position: position - 1, entryHash: previousHash });
}

// Checks 1 to 4 of section 4.5; author is whom the caller expects, or null for any reader of the epoch.
export async function verifyEntry(entry, slot, { epoch, author = null }) {
  const header = readHeader(entry);
  const isHere = isSameStrand(header.strand, epoch.strand) && header.epoch === epoch.number
    && header.statementHash === epoch.statementHash && isSameSlot(header.slot, slot);
  if (!isHere) throw new EntryBelongsElsewhere();
  const writer = epoch.readers.get(header.author);
  if (writer === undefined || (author !== null && header.author !== author.keyId)) throw new WrongAuthor();
  const [signed, signature] = [entry.subarray(0, -SIGNATURE_BYTES), entry.subarray(-SIGNATURE_BYTES)];
  if (!(await writer.hasSigned(signature, "entry-signature", signed))) throw new SignatureIsNotTheAuthors();
  return header;
}

// What the author wrote, {header, body}, after every check of section 4.5, in its order.
export async function openEntry({ entry, wrappedKey }, slot, { notebookKey, author = null }) {
  readHeader(entry);
  const wrapped = contentOf(wrappedKey, Form.WRAPPED_ENTRY_KEY, WRAPPED_KEY_BYTES);
  const header = await verifyEntry(entry, slot, { epoch: notebookKey.epoch, author });
  return { header, body: await opened(entry, wrapped, notebookKey) };
}

// The same for an entry whose checks 1 to 4 were made by the chain that holds it.
export function openVerified({ entry, wrappedKey }, notebookKey) {
  return opened(entry, contentOf(wrappedKey, Form.WRAPPED_ENTRY_KEY, WRAPPED_KEY_BYTES), notebookKey);
}

async function opened(entry, wrapped, notebookKey) {
  const header = entry.subarray(0, HEADER_BYTES);
  const entryKey = await gcmOpen(await notebookKey.wrappingKey(), wrapped, wrappingContext(header));
  const [encryptionKey, commitment] = await keysOf(entryKey, header);
  if (!isSame(commitment, entry.subarray(HEADER_BYTES, NONCE_AT))) throw new CommitmentDoesNotMatch();
  return unpad(await gcmOpen(encryptionKey, entry.subarray(NONCE_AT, -SIGNATURE_BYTES), header));
}

// Section 4.2: GCM alone lets one ciphertext open under two keys; the second half names the key.
async function keysOf(entryKey, header) {
  const both = await derive(entryKey, "entry", header, KEY_BYTES + HASH_BYTES);
  return [both.subarray(0, KEY_BYTES), both.subarray(KEY_BYTES)];
}

function wrappingContext(header) {
  return lp(label("wrapped-entry-key"), header);
}
