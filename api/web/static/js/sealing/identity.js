// A participant's identity: the keys that open what is sealed to them and sign what they write (section 2).

import { hasLowOrder, privateKey, publicOf } from "./curves.js";
import {
  Form, KEY_BYTES, PREFIX_BYTES, concat, contentOf, hex, label, labelledHash, lp, prefix, random, unhex,
} from "./encoding.js";
import { UnknownFormat } from "./errors.js";
import * as hpke from "./hpke.js";

const MLKEM_PUBLIC_BYTES = 1184;
const MLKEM_VECTOR_BYTES = 1152;
const MLKEM_PRIME = 3329;
const HPKE_PUBLIC_BYTES = MLKEM_PUBLIC_BYTES + KEY_BYTES;
const PUBLIC_BYTES = PREFIX_BYTES + HPKE_PUBLIC_BYTES + KEY_BYTES;
const PRIVATE_BYTES = PREFIX_BYTES + 3 * KEY_BYTES;
const ED25519_PRIME = 2n ** 255n - 19n;
const ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const LOW_ORDER = new Set([0n, 1n, ED25519_PRIME - 1n, ORDER_8, ED25519_PRIME - ORDER_8]);

// What everybody may know of a participant's keys; checked when made (section 2.1).
export class PublicIdentity {
  static async of(hpkePublic, signingPublic) {
    const isStrong = isReduced(hpkePublic) && isSigningPublic(signingPublic)
      && !(await hasLowOrder(hpkePublic.subarray(MLKEM_PUBLIC_BYTES)));
    if (!isStrong) throw new UnknownFormat();
    const bytes = concat(prefix(Form.PUBLIC_IDENTITY), hpkePublic, signingPublic);
    const identity = new PublicIdentity();
    identity.hpkePublic = hpkePublic;
    identity.signingPublic = signingPublic;
    identity.keyId = await labelledHash("key-id", bytes);
    identity.signingKey = await crypto.subtle.importKey("raw", signingPublic, "Ed25519", false, ["verify"]);
    return Object.freeze(identity);
  }

  static fromBytes(data) {
    const content = contentOf(data, Form.PUBLIC_IDENTITY, PUBLIC_BYTES);
    return PublicIdentity.of(content.slice(0, HPKE_PUBLIC_BYTES), content.slice(HPKE_PUBLIC_BYTES));
  }

  toBytes() {
    return concat(prefix(Form.PUBLIC_IDENTITY), this.hpkePublic, this.signingPublic);
  }

  seal(plaintext, info) {
    return hpke.seal(this.hpkePublic, plaintext, info);
  }

  hasSigned(signature, purpose, content) {
    return crypto.subtle.verify("Ed25519", this.signingKey, signature, lp(label(purpose), content));
  }
}

// A participant's private keys. They print as nothing and can be forgotten.
export class Identity {
  #hpkeSeed;
  #signingSeed;
  #signingKey;

  static async fromSeeds(hpkeSeed, signingSeed) {
    const identity = new Identity();
    identity.#hpkeSeed = hpkeSeed.slice();
    identity.#signingSeed = signingSeed.slice();
    identity.#signingKey = await privateKey("Ed25519", signingSeed);
    const signingPublic = await publicOf("Ed25519", signingSeed);
    identity.public = await PublicIdentity.of(await hpke.publicFrom(hpkeSeed), signingPublic);
    return identity;
  }

  // Refuses seeds that do not give the key id beside them (section 2.4).
  static async fromBytes(data) {
    const content = contentOf(data, Form.PRIVATE_IDENTITY, PRIVATE_BYTES);
    const seeds = [content.subarray(0, KEY_BYTES), content.subarray(KEY_BYTES, 2 * KEY_BYTES)];
    const identity = await Identity.fromSeeds(...seeds);
    if (identity.public.keyId !== hex(content.subarray(2 * KEY_BYTES))) throw new UnknownFormat();
    return identity;
  }

  toBytes() {
    const keyId = unhex(this.public.keyId);
    return concat(prefix(Form.PRIVATE_IDENTITY), this.#hpkeSeed, this.#signingSeed, keyId);
  }

  open(sealed, info) {
    return hpke.open(this.#hpkeSeed, sealed, info);
  }

  async sign(purpose, content) {
    return new Uint8Array(await crypto.subtle.sign("Ed25519", this.#signingKey, lp(label(purpose), content)));
  }

  forget() {
    this.#hpkeSeed.fill(0);
    this.#signingSeed.fill(0);
    this.#signingKey = null;
  }
}

// Section 5: the HPKE seed is drawn first.
export function newIdentity(draw = random) {
  const hpkeSeed = draw(KEY_BYTES);
  return Identity.fromSeeds(hpkeSeed, draw(KEY_BYTES));
}

// Section 2.1: three bytes hold two coefficients of 12 bits, and a library may store what it never checked.
function isReduced(hpkePublic) {
  if (hpkePublic.length !== HPKE_PUBLIC_BYTES) return false;
  for (let at = 0; at < MLKEM_VECTOR_BYTES; at += 3) {
    const pair = hpkePublic[at] | (hpkePublic[at + 1] << 8) | (hpkePublic[at + 2] << 16);
    if ((pair & 0xfff) >= MLKEM_PRIME || pair >> 12 >= MLKEM_PRIME) return false;
  }
  return true;
}

// Section 2.1: a key of low order accepts one signature for many texts.
function isSigningPublic(key) {
  if (key.length !== KEY_BYTES) return false;
  const y = BigInt(`0x${hex(key.slice().reverse())}`) & (2n ** 255n - 1n);
  return y < ED25519_PRIME && !LOW_ORDER.has(y);
}
