// The body of an entry: its kind and text in one of four sizes, so that neither shows from outside (section 4.3).

import { ascii as utf8, isSame, u32 } from "./encoding.js";
import { BodyIsMalformed, EntryTooLarge, NotText, SealingError } from "./errors.js";

export const Kind = Object.freeze({ NOTE: 1, GOAL: 2, GOAL_REVIEW: 3, REFLECTION: 4 });
export const BUCKETS = [1024, 4096, 16384, 65536];
export const MOST_TEXT_BYTES = 65531;

const PREAMBLE_BYTES = 5;

export function pad({ kind, text }) {
  if (!text.isWellFormed()) throw new NotText();
  const content = utf8(text);
  const bucket = BUCKETS.find((size) => PREAMBLE_BYTES + content.length <= size);
  if (bucket === undefined) throw new EntryTooLarge();
  const padded = new Uint8Array(bucket);
  padded[0] = kind;
  padded.set(u32(content.length), 1);
  padded.set(content, PREAMBLE_BYTES);
  return padded;
}

// One body has one encoding, so whatever differs from ours is refused.
export function unpad(padded) {
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(1);
  const content = padded.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + length);
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    const body = Object.freeze({ kind: padded[0], text });
    if (Object.values(Kind).includes(body.kind) && isSame(pad(body), padded)) return body;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SealingError)) throw error;
  }
  throw new BodyIsMalformed();
}
