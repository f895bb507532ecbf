// The curves of RFC 8032 and RFC 7748, from their 32-byte seeds, over the browser's own implementation.

import { concat, unhex } from "./encoding.js";

// RFC 8410: what comes before the 32 bytes of a private key, with the curve in the eighth byte from the end.
const BEFORE_SEED = { Ed25519: unhex("302e020100300506032b657004220420"), X25519: unhex("302e020100300506032b656e04220420") };
const USES = { Ed25519: ["sign"], X25519: ["deriveBits"] };

export async function publicOf(curve, seed) {
  const key = await privateKey(curve, seed, true);
  const { x } = await crypto.subtle.exportKey("jwk", key);
  return Uint8Array.fromBase64(x, { alphabet: "base64url" });
}

export function privateKey(curve, seed, isExtractable = false) {
  return crypto.subtle.importKey("pkcs8", concat(BEFORE_SEED[curve], seed), curve, isExtractable, USES[curve]);
}

export async function hasLowOrder(x25519Public) {
  const probe = await privateKey("X25519", new Uint8Array(32).fill(1));
  try {
    const other = await crypto.subtle.importKey("raw", x25519Public, "X25519", false, []);
    const shared = await crypto.subtle.deriveBits({ name: "X25519", public: other }, probe, 256);
    return new Uint8Array(shared).every((byte) => byte === 0);
  } catch {
    // A key of low order gives every partner the same all-zero secret, which browsers refuse to hand out.
    return true;
  }
}
