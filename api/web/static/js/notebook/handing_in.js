// What is handed in, as the service's routes take it.

import { passOn } from "../sealing/passing_on.js";

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
