// Wrappers: the vault key, wrapped once by each way to unlock, a passkey or a recovery code (sections 3 and 4).
// A wrapper is {id, kind, credentialHash, salt, wrappedKey}; kinds go by the words of the service.

import { concat, lp, random, uuidBytes } from "../sealing/encoding.js";
import { UnknownFormat } from "../sealing/errors.js";
import { Form, contentOf, derive, hash, label, openUnder, prefix, sealUnder } from "./encoding.js";
import { DoesNotUnlock, PrfOutputUnusable } from "./errors.js";

const KINDS = { passkey: 1, recovery_code: 2 };
const HEAD_BYTES = 4;
const WRAPPED_BYTES = 96;
const SALT_BYTES = 32;
const NOTHING = new Uint8Array();

export function newSalt(draw = random) {
  return draw(SALT_BYTES);
}

export function credentialHash(rawId) {
  return hash("credential", rawId);
}

// What the authenticator is given for a wrapper.
export function prfInput(salt) {
  return hash("prf-input", salt);
}

export async function wrap(vaultKey, { person, id, kind, credentialHash: credential = null, salt, secret, draw = random }) {
  if (kind === "passkey") requirePrfOutput(secret);
  const wrapper = { id, kind, credentialHash: credential, salt };
  const derived = await derivedFor(person, wrapper, secret);
  const head = concat(prefix(Form.WRAPPED_VAULT_KEY), Uint8Array.of(KINDS[kind]));
  return { ...wrapper, wrappedKey: await sealUnder(derived, head, draw(12), vaultKey) };
}

// The vault key, after every check of section 3.2, in its order.
export async function unwrap(wrapper, { person, secret }) {
  const content = contentOf(wrapper.wrappedKey, Form.WRAPPED_VAULT_KEY, WRAPPED_BYTES);
  const credentialBytes = wrapper.kind === "passkey" ? 32 : 0;
  const isWellFormed = content[0] === KINDS[wrapper.kind] && wrapper.salt.length === SALT_BYTES
    && (wrapper.credentialHash ?? NOTHING).length === credentialBytes;
  if (!isWellFormed) throw new UnknownFormat();
  if (wrapper.kind === "passkey") requirePrfOutput(secret);
  return openUnder(await derivedFor(person, wrapper, secret), wrapper.wrappedKey, HEAD_BYTES, DoesNotUnlock);
}

function requirePrfOutput(output) {
  const isUsable = output instanceof Uint8Array && output.length === 32 && output.some((byte) => byte !== 0);
  if (!isUsable) throw new PrfOutputUnusable();
}

function derivedFor(person, wrapper, secret) {
  const info = lp(
    label("wrapping-key"),
    uuidBytes(person),
    uuidBytes(wrapper.id),
    Uint8Array.of(KINDS[wrapper.kind]),
    wrapper.credentialHash ?? NOTHING,
  );
  return derive(secret, info, wrapper.salt);
}
