// Reads a notebook with private keys that are given, as the page of notes would read it from the service.

import { Notebook } from "BUNDLE/notebook.js";
import { Service } from "BUNDLE/notebook/service.js";
import { Identity, unhex } from "BUNDLE/sealing.js";

// What is shared once one of the others was compared: its texts in order, and the name of what is wrong, if anything.
export async function readAs(identity, relationship, words) {
  const kept = new Map();
  let entries = [];
  const notebook = new Notebook({
    service: new Service(""),
    relationship,
    identities: [await Identity.fromBytes(unhex(identity))],
    kept: { get: async (name) => kept.get(name) ?? null, set: async (name, value) => void kept.set(name, value) },
    isGroup: true,
    onEntry: (each) => entries.push(each),
  });
  await notebook.read();
  await notebook.accept(words);
  entries = [];
  await notebook.read();
  const opened = entries.filter((each) => !each.isBroken);
  const texts = opened.toSorted((one, other) => one.position - other.position).map((each) => each.text);
  return { texts, trouble: notebook.trouble?.name ?? null };
}
