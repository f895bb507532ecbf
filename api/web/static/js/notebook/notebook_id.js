// Which notebook belongs to a relationship or group.

import { concat, uuidBytes, uuidOf } from "../sealing/encoding.js";

// The id that everything in a relationship's notebook is bound to (RFC 9562, version 5): the service has no say in it.
export async function notebookIdOf(relationship) {
  const named = concat(uuidBytes(relationship), new TextEncoder().encode("notebook"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", named)).slice(0, 16);
  digest[6] = (digest[6] & 0x0f) | 0x50;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  return uuidOf(digest);
}
