// Vaults: how a person's keys are kept on the service in a form that only they can open (docs/specs/vault.md).

import { lp, random, uuidBytes } from "./sealing/encoding.js";
import { gcmOpen, gcmSeal } from "./sealing/gcm.js";
import { newIdentity } from "./sealing/identity.js";
import { derive, label } from "./vault/encoding.js";
import { DoesNotUnlock } from "./vault/errors.js";
import { openIdentity, sealIdentity } from "./vault/sealed_identity.js";
import { unwrap, wrap } from "./vault/wrapper.js";

export * from "./vault/errors.js";
export { groupsToTypeBack, newRecoveryCode, readRecoveryCode, requireTypedBack } from "./vault/recovery_code.js";
export { keyIdOf, openIdentity, sealIdentity } from "./vault/sealed_identity.js";
export { credentialHash, newSalt, prfInput, unwrap, wrap } from "./vault/wrapper.js";

// An opened vault, in memory alone: the person's identities, the current one last.
export class Vault {
  #vaultKey;

  constructor(person, vaultKey, identities) {
    this.person = person;
    this.#vaultKey = vaultKey;
    this.identities = identities;
  }

  static async make(person) {
    return new Vault(person, random(32), [await newIdentity()]);
  }

  get identity() {
    return this.identities.at(-1);
  }

  wrapFor(way) {
    return wrap(this.#vaultKey, { person: this.person, id: crypto.randomUUID(), ...way });
  }

  sealedIdentity(identity = this.identity) {
    return sealIdentity(identity, { person: this.person, vaultKey: this.#vaultKey });
  }

  // A key that only this person has, for what a browser keeps for them alone.
  async localKey(purpose) {
    const info = lp(label("kept-here"), uuidBytes(this.person), label(purpose));
    return (await derive(this.#vaultKey, info)).key;
  }

  forget() {
    this.#vaultKey.fill(0);
    for (const each of this.identities) each.forget();
  }
}

// Opens what the service shows, {person, wrappers, sealedIdentity, earlierIdentities}, by the secret of one way.
export async function unlock(shown, kind, secret) {
  const { person } = shown;
  const vaultKey = await firstUnwrapped(shown.wrappers.filter((each) => each.kind === kind), { person, secret });
  const sealed = [...shown.earlierIdentities, shown.sealedIdentity];
  const identities = [];
  for (const each of sealed) identities.push(await openIdentity(each, { person, vaultKey }));
  return new Vault(person, vaultKey, identities);
}

// Section 3.2: the wrappers are tried in turn, and only a wrong secret lets one go on.
async function firstUnwrapped(wrappers, how) {
  for (const wrapper of wrappers) {
    try {
      return await unwrap(wrapper, how);
    } catch (error) {
      if (!(error instanceof DoesNotUnlock)) throw error;
    }
  }
  throw new DoesNotUnlock();
}

// What a browser keeps between visits for one person: sealed under their vault, under names that only it gives.
export class KeptHere {
  #nameKey;
  #key;
  #storage;

  static async of(vault, storage = localStorage) {
    const kept = new KeptHere();
    kept.#nameKey = await vault.localKey("names");
    kept.#key = await vault.localKey("contents");
    kept.#storage = storage;
    return kept;
  }

  // What is kept under this name, or null; what was altered is as good as lost.
  async get(name) {
    const place = await this.#place(name);
    const sealed = this.#storage.getItem(place);
    if (sealed === null) return null;
    try {
      const opened = await gcmOpen(this.#key, Uint8Array.fromBase64(sealed), label(place));
      return JSON.parse(new TextDecoder().decode(opened));
    } catch {
      return null;
    }
  }

  async set(name, value) {
    const place = await this.#place(name);
    const plain = new TextEncoder().encode(JSON.stringify(value));
    this.#storage.setItem(place, (await gcmSeal(this.#key, random(12), plain, label(place))).toBase64());
  }

  async remove(name) {
    this.#storage.removeItem(await this.#place(name));
  }

  // The name under which something is kept, which tells nobody what or whose it is.
  async #place(name) {
    return `vouchsafe-${(await derive(this.#nameKey, label(name))).key.toHex()}`;
  }
}
