// The byte conventions of a vault: those of the sealed note, with labels and forms of its own (sections 1 and 3).

import { ascii, concat, contentOf, expand, isSame, lp, prefix } from "../sealing/encoding.js";
import { gcmOpen, gcmSeal } from "../sealing/gcm.js";
import { VaultWasAltered } from "./errors.js";

export const Form = Object.freeze({ WRAPPED_VAULT_KEY: 0x11, SEALED_IDENTITY: 0x12 });
export { contentOf, prefix };

const NO_SALT = new Uint8Array(32);

export function label(purpose) {
  return ascii(`vouchsafe/vault/1/${purpose}`);
}

export async function hash(purpose, content) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", lp(label(purpose), content)));
}

// The encryption key and the commitment to it.
export async function derive(key, info, salt = NO_SALT) {
  const both = await expand(key, info, 64, salt);
  return { key: both.subarray(0, 32), commitment: both.subarray(32) };
}

export async function sealUnder(derived, head, nonce, plaintext) {
  const bound = concat(head, derived.commitment);
  return concat(bound, await gcmSeal(derived.key, nonce, plaintext, bound));
}

// The head, then commitment, nonce and ciphertext; `doesNotFit` is what a wrong commitment is called.
export async function openUnder(derived, form, headBytes, doesNotFit) {
  const sealedAt = headBytes + 32;
  if (!isSame(derived.commitment, form.subarray(headBytes, sealedAt))) throw new doesNotFit();
  try {
    return await gcmOpen(derived.key, form.subarray(sealedAt), form.subarray(0, sealedAt));
  } catch {
    throw new VaultWasAltered();
  }
}
