// The byte conventions that every sealed form shares: prefixes, labels, hashes and derived keys (section 1).
// Contents are bytes; ids and hashes are their hex text, which compares and keys a map as it is.

import { OutOfRange, UnknownFormat } from "./errors.js";

export const SUITE_LABEL = ascii("MLKEM768-X25519,HKDF-SHA256,AES-256-GCM,Ed25519");
export const ZERO = "00".repeat(32);
export const HASH_BYTES = 32;
export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
export const SIGNATURE_BYTES = 64;
export const PREFIX_BYTES = 3;
export const Form = Object.freeze({
  PRIVATE_IDENTITY: 1, PUBLIC_IDENTITY: 2, EPOCH_STATEMENT: 3, SEALED_NOTEBOOK_KEY: 4, ENTRY: 5, WRAPPED_ENTRY_KEY: 6,
  PASSED_ON: 7,
});

const VERSION = 1;
const SUITE = 1;
const U32_MAX = 2 ** 32 - 1;

export function ascii(text) {
  return new TextEncoder().encode(text);
}

export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function hex(bytes) {
  return bytes.toHex();
}

export function unhex(text) {
  return Uint8Array.fromHex(text);
}

export function u32(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

export function uuidOf(bytes) {
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function uuidBytes(uuid) {
  return unhex(uuid.replaceAll("-", ""));
}

export function prefix(form) {
  return Uint8Array.of(VERSION, form, SUITE);
}

// What follows the prefix, once version, form, suite and, if given, the whole length are right.
export function contentOf(data, form, length = data.length) {
  if (data.length < PREFIX_BYTES || data.length !== length) throw new UnknownFormat();
  if (prefix(form).some((byte, at) => data[at] !== byte)) throw new UnknownFormat();
  return data.subarray(PREFIX_BYTES);
}

export function lp(...parts) {
  return concat(...parts.flatMap((part) => [u32(part.length), part]));
}

export function label(purpose) {
  return ascii(`vouchsafe/sealed-note/1/${purpose}`);
}

export async function labelledHash(purpose, content) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", lp(label(purpose), content))));
}

export function derive(key, purpose, context, length = KEY_BYTES) {
  return expand(key, lp(label(purpose), context), length);
}

export async function expand(key, info, length, salt = new Uint8Array()) {
  const input = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info };
  return new Uint8Array(await crypto.subtle.deriveBits(how, input, 8 * length));
}

export function random(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

export function counted(number) {
  if (!Number.isInteger(number) || number < 1 || number > U32_MAX) throw new OutOfRange();
  return number;
}

// Takes as long wherever the two differ.
export function isSame(one, other) {
  let difference = one.length ^ other.length;
  for (let at = 0; at < one.length; at += 1) difference |= one[at] ^ other[at];
  return difference === 0;
}
