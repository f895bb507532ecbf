// The private identity, sealed under the vault key (section 6).

import { concat, hex, lp, random, unhex, uuidBytes } from "../sealing/encoding.js";
import { SealingError } from "../sealing/errors.js";
import { Identity } from "../sealing/identity.js";
import { Form, contentOf, derive, label, openUnder, prefix, sealUnder } from "./encoding.js";
import { VaultBelongsElsewhere, VaultWasAltered } from "./errors.js";

const SEALED_BYTES = 194;
const HEAD_BYTES = 35;

export async function sealIdentity(identity, { person, vaultKey, draw = random }) {
  const keyId = unhex(identity.public.keyId);
  const derived = await derivedFor(person, keyId, vaultKey);
  const head = concat(prefix(Form.SEALED_IDENTITY), keyId);
  return sealUnder(derived, head, draw(12), identity.toBytes());
}

// Which identity it says that it is, before it is opened.
export function keyIdOf(sealed) {
  return hex(contentOf(sealed, Form.SEALED_IDENTITY, SEALED_BYTES).subarray(0, 32));
}

export async function openIdentity(sealed, { person, vaultKey }) {
  const keyId = keyIdOf(sealed);
  const derived = await derivedFor(person, unhex(keyId), vaultKey);
  const identity = await read(await openUnder(derived, sealed, HEAD_BYTES, VaultBelongsElsewhere));
  if (identity.public.keyId !== keyId) throw new VaultWasAltered();
  return identity;
}

async function read(bytes) {
  try {
    return await Identity.fromBytes(bytes);
  } catch (error) {
    if (error instanceof SealingError) throw new VaultWasAltered();
    throw error;
  }
}

function derivedFor(person, keyId, vaultKey) {
  return derive(vaultKey, lp(label("identity"), uuidBytes(person), keyId));
}
