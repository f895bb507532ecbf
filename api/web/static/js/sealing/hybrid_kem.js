// The KEM MLKEM768-X25519 (0x647a) over the browser's own ML-KEM and X25519, in the form in which the package `hpke`
// takes a KEM. No browser has Keccak yet, so SHAKE256 and SHA3-256 come from a package: they only stretch and mix.

import { sha3_256, shake256 } from "@noble/hashes/sha3.js";
import { privateKey, publicOf } from "./curves.js";
import { concat, random } from "./encoding.js";

const MLKEM = "ML-KEM-768";
const MLKEM_SEED_BYTES = 64;
const MLKEM_PUBLIC_BYTES = 1184;
const MLKEM_CIPHERTEXT_BYTES = 1088;
const STRETCHED_BYTES = 96;
const LABEL = Uint8Array.of(0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c);
const SIZES = { Nsecret: 32, Nenc: 1120, Npk: 1216, Nsk: 32 };

export function hybridKem() {
  const name = "MLKEM768-X25519";
  return {
    ...SIZES, id: 0x647a, type: "KEM", name,
    DeserializePublicKey: async (bytes) => ({ type: "public", algorithm: { name }, extractable: true, bytes: bytes.slice() }),
    DeserializePrivateKey: async (seed, extractable) => ({ type: "private", algorithm: { name }, extractable, parts: await expanded(seed) }),
    Encap: encapsulated,
    Decap: decapsulated,
  };
}

// Section 2: the public key that a seed gives.
export async function publicFrom(seed) {
  const { mlkem, x25519Public } = await expanded(seed);
  const open = await crypto.subtle.getPublicKey(mlkem, ["encapsulateBits"]);
  return concat(new Uint8Array(await crypto.subtle.exportKey("raw-public", open)), x25519Public);
}

// Section 2: the stretched seed, ML-KEM's part first.
async function expanded(seed) {
  const stretched = shake256(seed, { dkLen: STRETCHED_BYTES });
  const [first, second] = [stretched.subarray(0, MLKEM_SEED_BYTES), stretched.subarray(MLKEM_SEED_BYTES)];
  return {
    mlkem: await crypto.subtle.importKey("raw-seed", first, MLKEM, true, ["decapsulateBits"]),
    x25519: await privateKey("X25519", second),
    x25519Public: await publicOf("X25519", second),
  };
}

async function encapsulated({ bytes }) {
  const [mlkemBytes, x25519Bytes] = [bytes.subarray(0, MLKEM_PUBLIC_BYTES), bytes.subarray(MLKEM_PUBLIC_BYTES)];
  const mlkem = await crypto.subtle.importKey("raw-public", mlkemBytes, MLKEM, false, ["encapsulateBits"]);
  const { sharedKey, ciphertext } = await crypto.subtle.encapsulateBits(MLKEM, mlkem);
  const once = random(32);
  const oncePublic = await publicOf("X25519", once);
  const agreed = await agreement(await privateKey("X25519", once), x25519Bytes);
  return {
    shared_secret: mixed(new Uint8Array(sharedKey), agreed, oncePublic, x25519Bytes),
    enc: concat(new Uint8Array(ciphertext), oncePublic),
  };
}

async function decapsulated(enc, { parts }) {
  const [ciphertext, other] = [enc.subarray(0, MLKEM_CIPHERTEXT_BYTES), enc.subarray(MLKEM_CIPHERTEXT_BYTES)];
  const shared = await crypto.subtle.decapsulateBits(MLKEM, parts.mlkem, ciphertext);
  const agreed = await agreement(parts.x25519, other);
  return mixed(new Uint8Array(shared), agreed, other, parts.x25519Public);
}

async function agreement(own, otherBytes) {
  const other = await crypto.subtle.importKey("raw", otherBytes, "X25519", false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: other }, own, 256));
}

function mixed(mlkemSecret, x25519Secret, x25519Sent, x25519Public) {
  return sha3_256(concat(mlkemSecret, x25519Secret, x25519Sent, x25519Public, LABEL));
}
