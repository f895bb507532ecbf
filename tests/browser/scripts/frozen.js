// Reads a notebook that was taken away long ago, as the page of notes would read it from the service.

import { Notebook } from "BUNDLE/notebook.js";
import { Service } from "BUNDLE/notebook/service.js";
import { credentialHash, prfInput, readRecoveryCode, unlock } from "BUNDLE/vault.js";

export async function readByCode(code, sought) {
  return readBy("recovery_code", await secretOf(code), sought);
}

export async function readByPasskey({ prf_output: output }, sought) {
  return readBy("passkey", Uint8Array.fromBase64(output), sought);
}

// How a passkey is found and asked, in base64.
export async function passkeyOf({ credential_id: credential }) {
  const { wrappers } = await new Service("").vault();
  const { credentialHash: kept, salt } = wrappers.find((each) => each.kind === "passkey");
  const hashed = await credentialHash(Uint8Array.fromBase64(credential));
  return { isFound: kept.toBase64() === hashed.toBase64(), asked: (await prfInput(salt)).toBase64() };
}

async function secretOf(code) {
  const read = await readRecoveryCode(code);
  return read.secret ?? read;
}

async function readBy(kind, secret, { relationship, words, isGroup }) {
  const service = new Service("");
  const { identities } = await unlock(await service.vault(), kind, secret);
  let entries = [];
  const kept = keptHere();
  const notebook = new Notebook({ service, relationship, identities, kept, isGroup, onEntry: (each) => entries.push(each) });
  await notebook.read();
  if (words) {
    entries = [];
    await notebook.accept(words);
    await notebook.read();
  }
  return { entries: entries.map(told), trouble: notebook.trouble && String(notebook.trouble) };
}

// What a browser keeps, in memory.
function keptHere() {
  const kept = new Map();
  return { get: async (name) => kept.get(name) ?? null, set: async (name, value) => void kept.set(name, value) };
}

function told({ audience, position, isMine, amends, kind, text }) {
  return { audience, position, is_mine: isMine, amends, kind, text };
}
