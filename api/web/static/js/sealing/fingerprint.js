// Fingerprints in words: two people read them aloud to learn that they hold the same keys (section 2.3).

import { labelledHash, unhex } from "./encoding.js";

const WORDS = 6;
const WORD_BITS = 13;
const FIRST = "bdfghjklmnprstvw";
const VOWELS = "aeio";
const MIDDLES = ["ld", "lm", "lt", "lv", "ml", "nl", "nv", "rl"];
const LAST = "lmns";

export async function fingerprintWords(identity) {
  const digest = BigInt(`0x${await labelledHash("fingerprint", unhex(identity.keyId))}`);
  const shifts = Array.from({ length: WORDS }, (_, n) => BigInt(256 - WORD_BITS * (n + 1)));
  return shifts.map((shift) => word(Number((digest >> shift) & 8191n))).join(" ");
}

function word(bits) {
  const ends = [FIRST[(bits >> 9) & 15], VOWELS[(bits >> 7) & 3], MIDDLES[(bits >> 4) & 7]];
  return [...ends, VOWELS[(bits >> 2) & 3], LAST[bits & 3]].join("");
}
