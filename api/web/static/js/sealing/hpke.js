// HPKE in the one suite of section 1: over the browser's own ML-KEM where it has one, else over one written in
// JavaScript. Nothing is negotiated: both are the same suite.

import * as hpke from "hpke";
import { concat } from "./encoding.js";
import { hybridKem, publicFrom as nativePublicFrom } from "./hybrid_kem.js";

export const ENC_BYTES = 1120;

let chosen = null;

export async function seal(publicKey, plaintext, info) {
  const { suite } = await kem();
  const key = await suite.DeserializePublicKey(publicKey);
  const sealed = await suite.Seal(key, plaintext, { info });
  return concat(sealed.encapsulatedSecret, sealed.ciphertext);
}

// What was sealed to this seed under this info, or null if nothing was.
export async function open(seed, sealed, info) {
  const { suite } = await kem();
  const key = await suite.DeserializePrivateKey(seed, false);
  try {
    return await suite.Open(key, sealed.slice(0, ENC_BYTES), sealed.slice(ENC_BYTES), { info });
  } catch {
    return null;
  }
}

export async function publicFrom(seed) {
  return (await kem()).publicFrom(seed);
}

// Which implementation serves: "native" or "noble". Chosen once, unless a test names one.
export async function implementation(name = null) {
  if (name !== null) chosen = name === "native" ? native() : noble();
  return (await kem()).name;
}

function kem() {
  chosen ??= choose();
  return chosen;
}

async function choose() {
  try {
    const own = native();
    await own.publicFrom(new Uint8Array(32));
    return own;
  } catch {
    return noble();
  }
}

function native() {
  return { name: "native", suite: suiteWith(hybridKem), publicFrom: nativePublicFrom };
}

async function noble() {
  const [kems, { MLKEM768X25519 }] = await Promise.all([
    import("@panva/hpke-noble"),
    import("@noble/post-quantum/hybrid.js"),
  ]);
  const publicFromSeed = (seed) => MLKEM768X25519.keygen(seed.slice()).publicKey;
  return { name: "noble", suite: suiteWith(kems.KEM_MLKEM768_X25519), publicFrom: publicFromSeed };
}

function suiteWith(kemFactory) {
  return new hpke.CipherSuite(kemFactory, hpke.KDF_HKDF_SHA256, hpke.AEAD_AES_256_GCM);
}
