// Runs the vectors of the vault; each answers what went otherwise.

import { Identity, hex, unhex } from "BUNDLE/sealing.js";
import {
  credentialHash, groupsToTypeBack, newRecoveryCode, newSalt, openIdentity, prfInput, readRecoveryCode, requireTypedBack,
  sealIdentity, unlock, unwrap, wrap,
} from "BUNDLE/vault.js";
import { written } from "BUNDLE/vault/recovery_code.js";
import { forEach, refused, replayed, same } from "./checking.js";

export function madeCodes({ cases }) {
  return forEach(cases, (each) => {
    const made = newRecoveryCode(replayed(unhex(each.randomness)));
    same(hex(made.secret), each.secret);
    same(made.text, each.code);
    same(hex(readRecoveryCode(each.code)), each.secret);
  });
}

export function readCodes({ readings }) {
  return forEach(readings, (each) => same(written(readRecoveryCode(each.typed)), each.code));
}

export function refusedCodes({ refused: all }) {
  return forEach(all, async (each) => {
    const error = await refused(each, () => readRecoveryCode(each.typed));
    if (each.error === "RecoveryCodeHasWrongLength") same(error.length, each.length);
  });
}

export function groups({ groups: all }) {
  return forEach(all, (each) => same(String(groupsToTypeBack(replayed(unhex(each.randomness)))), String(each.groups)));
}

export function typedBack({ typed_back: all }) {
  return forEach(all, async (each) => {
    const act = () => requireTypedBack(each.typed, each.code, each.groups);
    if (each.accepted) act();
    else await refused({ error: "TypedBackDiffers" }, act);
  });
}

export function wrapped({ cases }) {
  return forEach(cases, async (each) => {
    const [key, secret, draw] = [unhex(each.vault_key), secretOf(each), replayed(unhex(each.randomness))];
    const wrapper = await wrap(key, { ...wayOf(each), person: each.person, secret, draw });
    same(hex(wrapper.wrappedKey), each.wrapped_key);
    same(hex(await unwrap(wrapper, { person: each.person, secret })), each.vault_key);
  });
}

export function refusedWrappers({ refused: all }) {
  return forEach(all, (each) => refused(each, async () => {
    await unwrap({ ...wayOf(each), wrappedKey: unhex(each.wrapped_key) }, { person: each.person, secret: secretOf(each) });
  }));
}

export function hashes({ credentials, prf_inputs: inputs }) {
  return forEach([...credentials, ...inputs], async (each) => {
    if (each.salt === undefined) same(hex(await credentialHash(unhex(each.credential_id))), each.credential_hash);
    else same(hex(await prfInput(unhex(each.salt))), each.prf_input);
  });
}

export function sealedIdentities({ cases }) {
  return forEach(cases, async (each) => {
    const how = { person: each.person, vaultKey: unhex(each.vault_key) };
    const identity = await Identity.fromBytes(unhex(each.private));
    same(hex(await sealIdentity(identity, { ...how, draw: replayed(unhex(each.randomness)) })), each.sealed);
    same(hex((await openIdentity(unhex(each.sealed), how)).toBytes()), each.private);
  });
}

export function refusedIdentities({ refused: all }) {
  return forEach(all, (each) => refused(each, () => (
    openIdentity(unhex(each.sealed), { person: each.person, vaultKey: unhex(each.vault_key) })
  )));
}

export function wholeVaults({ cases }) {
  return forEach(cases, async (each) => {
    const draw = replayed(unhex(each.randomness));
    const [person, vaultKey] = [each.person, draw(32)];
    same(hex(vaultKey), each.vault_key);
    const identity = await Identity.fromBytes(unhex(each.private));
    const sealedIdentity = await sealIdentity(identity, { person, vaultKey, draw });
    same(hex(sealedIdentity), each.sealed_identity);
    const wrappers = [];
    for (const row of each.wrappers) {
      const [code, salt] = [newRecoveryCode(draw), newSalt(draw)];
      same(code.text, row.code);
      same(hex(salt), row.salt);
      wrappers.push(await wrap(vaultKey, { person, id: row.id, kind: "recovery_code", salt, secret: code.secret, draw }));
      same(hex(wrappers.at(-1).wrappedKey), row.wrapped_key);
    }
    for (const row of each.wrappers) {
      const shown = { person, wrappers, sealedIdentity, earlierIdentities: [] };
      const vault = await unlock(shown, "recovery_code", readRecoveryCode(row.code));
      same(hex(vault.identity.toBytes()), each.private);
    }
  });
}

function wayOf({ id, kind, salt, credential_hash: credential }) {
  return { id, kind, salt: unhex(salt), credentialHash: credential ? unhex(credential) : null };
}

function secretOf({ secret }) {
  return secret ? unhex(secret) : null;
}
