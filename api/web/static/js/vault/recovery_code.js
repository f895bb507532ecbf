// Recovery codes: 130 random bits as 26 letters with 4 check letters, forgiving to read and hard to mistype
// (docs/specs/vault.md, section 5).

import { random } from "../sealing/encoding.js";
import { NotARecoveryCode, RecoveryCodeHasWrongLength, RecoveryCodeIsMistyped, TypedBackDiffers } from "./errors.js";

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SECRET_BYTES = 17;
const DATA_LETTERS = 26;
const ALL_LETTERS = 30;
const GROUP = 5;
const LONGEST_TYPED = 200;
const FIELD = 0b100101;
const FULL_WIDTH = /[\uff01-\uff5e]/gu;
// Section 5.4, rule 2: what people put between letters.
const BETWEEN = new RegExp(
  "[\\t-\\r \\x85\\xa0\\xad\\u1680\\u2000-\\u200f\\u2010-\\u2015\\u2018-\\u201f\\u2022\\u2028-\\u202f\\u205f-\\u2064"
  + "\\u2212\\u3000\\ufeff!\"#'()*+,\\-./:;<=>[\\]_|`]",
  "gu",
);
const READ_AS = { O: "0", I: "1", L: "1", U: "V" };

// A new code: its 17 secret bytes and the text to write down.
export function newRecoveryCode(draw = random) {
  const secret = draw(SECRET_BYTES);
  secret[SECRET_BYTES - 1] &= 0b11000000;
  return { secret, text: written(secret) };
}

export function written(secret) {
  const data = Array.from({ length: DATA_LETTERS }, (_, n) => fiveBits(secret, GROUP * n));
  const letters = [...data, ...checks(data)].map((value) => LETTERS[value]).join("");
  return letters.match(/.{5}/g).join("-");
}

// The secret bytes of what a person typed or pasted.
export function readRecoveryCode(typed) {
  if ([...typed].length > LONGEST_TYPED) throw new NotARecoveryCode();
  const letters = lettersOf(typed);
  const values = [...letters].map((letter) => LETTERS.indexOf(letter));
  if (values.includes(-1)) throw new NotARecoveryCode();
  if (values.length !== ALL_LETTERS) throw new RecoveryCodeHasWrongLength(values.length);
  const data = values.slice(0, DATA_LETTERS);
  if (checks(data).some((value, n) => value !== values[DATA_LETTERS + n])) throw new RecoveryCodeIsMistyped();
  return bytesOf(data);
}

// Which two of the six groups are to be typed back, counted from 1 (section 5.5).
export function groupsToTypeBack(draw = random) {
  const pairs = [1, 2, 3, 4, 5, 6].flatMap((one) => [1, 2, 3, 4, 5, 6].filter((other) => other > one).map((other) => [one, other]));
  let drawn = draw(1)[0];
  while (drawn >= 255) [drawn] = draw(1);
  return pairs[drawn % pairs.length];
}

export function requireTypedBack(typed, text, groups) {
  const expected = groups.map((group) => text.split("-")[group - 1]).join("");
  if (lettersOf(typed) !== expected) throw new TypedBackDiffers();
}

function lettersOf(typed) {
  const narrow = typed.replace(FULL_WIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
  const capitals = narrow.replace(BETWEEN, "").replace(/[a-z]/g, (small) => small.toUpperCase());
  return capitals.replace(/[OILU]/g, (letter) => READ_AS[letter]);
}

// Section 5.2: the remainder of a Reed-Solomon code.
function checks(data) {
  let [r0, r1, r2, r3] = [0, 0, 0, 0];
  for (const value of data) {
    const f = value ^ r0;
    [r0, r1, r2, r3] = [r1 ^ times(30, f), r2 ^ times(6, f), r3 ^ times(9, f), times(17, f)];
  }
  return [r0 ^ 1, r1 ^ 2, r2 ^ 3, r3 ^ 4];
}

function times(one, other) {
  let [product, factor] = [0, one];
  for (let bits = other; bits > 0; bits >>= 1) {
    if (bits & 1) product ^= factor;
    factor = factor & 16 ? (factor << 1) ^ FIELD : factor << 1;
  }
  return product;
}

function fiveBits(bytes, at) {
  const both = (bytes[at >> 3] << 8) | (bytes[(at >> 3) + 1] ?? 0);
  return (both >> (11 - (at & 7))) & 31;
}

function bytesOf(data) {
  const bits = data.map((value) => value.toString(2).padStart(GROUP, "0")).join("").padEnd(8 * SECRET_BYTES, "0");
  return Uint8Array.from(bits.match(/.{8}/g), (each) => Number.parseInt(each, 2));
}
