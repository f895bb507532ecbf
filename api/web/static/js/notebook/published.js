// Published keys: whoever they are said to belong to, their id binds them.

import { SealingError } from "../sealing/errors.js";
import { PublicIdentity } from "../sealing/identity.js";
import { NotUnderstood } from "./errors.js";

export async function identityOf({ keyId, hpkePublic, signingPublic }) {
  let identity = null;
  try {
    identity = await PublicIdentity.of(hpkePublic, signingPublic);
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
  }
  if (identity?.keyId !== keyId) throw new NotUnderstood();
  return identity;
}

// The keys that the service shows under an id, of this person if one is named, or null.
export function publishedIn(shown, keyId, person = null) {
  const all = [...shown.participants, ...shown.furtherReaders].filter((each) => person === null || each.person === person);
  const keys = all.flatMap((each) => each.publicKeys).find((each) => each.keyId === keyId);
  return keys ? identityOf(keys) : null;
}
