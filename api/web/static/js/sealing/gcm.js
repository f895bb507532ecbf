// AES-256-GCM as both parts of an entry use it: the nonce first, then the ciphertext and its tag (section 1).

import { NONCE_BYTES, concat } from "./encoding.js";
import { EntryWasAltered } from "./errors.js";

export async function gcmSeal(key, nonce, plaintext, bound) {
  const how = { name: "AES-GCM", iv: nonce, additionalData: bound };
  const usable = await imported(key, "encrypt");
  return concat(nonce, new Uint8Array(await crypto.subtle.encrypt(how, usable, plaintext)));
}

export async function gcmOpen(key, sealed, bound) {
  const how = { name: "AES-GCM", iv: sealed.subarray(0, NONCE_BYTES), additionalData: bound };
  const usable = await imported(key, "decrypt");
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, usable, sealed.subarray(NONCE_BYTES)));
  } catch {
    throw new EntryWasAltered();
  }
}

function imported(key, usage) {
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, [usage]);
}
