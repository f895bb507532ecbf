// What is handed in, as the service's routes take it.

import { NotebookKey } from "../sealing/notebook_key.js";
import { passOn } from "../sealing/passing_on.js";

// Those of our opened epochs that a key cannot read.
export function unreadBy(keyId, opened) {
  const ours = opened.filter((each) => each instanceof NotebookKey);
  return ours.filter(({ epoch }) => !epoch.readers.has(keyId) && !epoch.later.has(keyId));
}

// Those that another's newest key cannot read; in a group nobody is let read what was written before they came.
export function lostBy({ keys }, opened, { isGroup }) {
  const isReader = ({ epoch }) => keys.some(({ keyId }) => epoch.readers.has(keyId) || epoch.later.has(keyId));
  return unreadBy(keys.at(-1).keyId, opened).filter((each) => !isGroup || isReader(each));
}

// Shared epochs for a key that could not read them, each by a signed act.
export async function grantsToHandIn(notebookKeys, identity, granter) {
  const grants = [];
  for (const key of notebookKeys) {
    const { statement, sealedKey } = await passOn(key, identity, { granter });
    grants.push({ epoch: key.epoch.number, statement: statement.toBase64(), sealed_key: sealedKey.toBase64() });
  }
  return { audience: "shared", key_id: Uint8Array.fromHex(identity.keyId).toBase64(), grants };
}

export function entryToHandIn(slot, sealed, key) {
  return {
    id: slot.entryId,
    epoch: key.epoch.number,
    position: slot.position,
    sealed_entry: sealed.entry.toBase64(),
    wrapped_entry_key: sealed.wrappedKey.toBase64(),
    amends: slot.amends,
  };
}

export function epochToHandIn(strand, granted, readers) {
  return {
    audience: strand.name,
    number: granted.notebookKey.epoch.number,
    statement: granted.statement.toBase64(),
    readers: readers.map(({ person, identity }) => ({
      person,
      key_id: Uint8Array.fromHex(identity.keyId).toBase64(),
      sealed_key: granted.sealedKeys.get(identity.keyId).toBase64(),
    })),
  };
}
