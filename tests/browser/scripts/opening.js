// Times the opening of entries, each against the bare work of the browser's own primitives on as many bytes.

import { Audience, EMPTY, Kind, grantEpoch, newIdentity, openEntry, sealEntry, slotAfter } from "BUNDLE/sealing.js";

const SIGNATURE_BYTES = 64;

export async function timesOf(count) {
  const author = await newIdentity();
  const strand = { notebookId: crypto.randomUUID(), audience: Audience.OWN };
  const { notebookKey } = await grantEpoch(author, [author.public], { strand });
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const [ours, theirs] = [[], []];
  let tip = EMPTY;
  for (let made = 0; made < count; made += 1) {
    const slot = slotAfter(tip, crypto.randomUUID());
    const sealed = await sealEntry({ kind: Kind.NOTE, text: "words ".repeat(100) }, slot, { author, notebookKey });
    tip = sealed.tip;
    const bare = await bareWork(key, sealed.entry.length);
    ours.push(await timeOf(() => openEntry(sealed, slot, { notebookKey, author: author.public })));
    theirs.push(await timeOf(() => bare(author, sealed.entry)));
  }
  return { ours, theirs };
}

async function bareWork(key, length) {
  const how = { name: "AES-GCM", iv: new Uint8Array(12) };
  const ciphertext = await crypto.subtle.encrypt(how, key, new Uint8Array(length));
  return async (author, entry) => {
    const [signed, signature] = [entry.subarray(0, -SIGNATURE_BYTES), entry.subarray(-SIGNATURE_BYTES)];
    await crypto.subtle.verify("Ed25519", author.public.signingKey, signature, signed);
    await crypto.subtle.decrypt(how, key, ciphertext);
  };
}

async function timeOf(act) {
  const began = performance.now();
  await act();
  return performance.now() - began;
}
