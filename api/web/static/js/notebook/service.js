// The service as a participant's pages call it: a few requests with their session, and its refusals as errors.
// Bytes travel as base64; ids and hashes become hex text here.

import { hex } from "../sealing/encoding.js";
import { NotReached, NotUnderstood, Refused, SignedOut } from "./errors.js";

const PATIENCE = 30000;
const PREFIX = "/api/v1";

export class Service {
  #csrf;

  constructor(csrf) {
    this.#csrf = csrf;
  }

  // One page of a notebook: of each strand so many of the last entries before a position.
  async notebook(relationship, { before, limit }) {
    const query = `before_own=${before.own}&before_shared=${before.shared}&limit=${limit}`;
    const shown = await this.#call("GET", `/relationships/${relationship}/notebook?${query}`);
    return understood(() => readNotebook(shown));
  }

  openEpoch(relationship, epoch) {
    return this.#call("POST", `/relationships/${relationship}/notebook/epochs`, epoch);
  }

  append(relationship, entry) {
    return this.#call("POST", `/relationships/${relationship}/notebook/entries`, entry);
  }

  share(relationship, shared, entry) {
    return this.#call("POST", `/relationships/${relationship}/notebook/entries/${shared}/share`, entry);
  }

  destroy(relationship, entry) {
    return this.#call("DELETE", `/relationships/${relationship}/notebook/entries/${entry}`);
  }

  passOn(relationship, grants) {
    return this.#call("POST", `/relationships/${relationship}/notebook/grants`, grants);
  }

  endReading(relationship, person) {
    return this.#call("DELETE", `/relationships/${relationship}/notebook/readers/${person}`);
  }

  async vault() {
    const shown = await this.#call("GET", "/me/vault");
    return understood(() => readVault(shown));
  }

  beginVault(vault, version) {
    return this.#call("PUT", "/me/vault", vault, version > 0 ? version : null);
  }

  addWrapper(wrapper) {
    return this.#call("POST", "/me/vault/wrappers", wrapper);
  }

  removeWrapper(id) {
    return this.#call("DELETE", `/me/vault/wrappers/${id}`);
  }

  passkeys() {
    return this.#call("GET", "/passkeys");
  }

  async #call(method, path, body = null, version = null) {
    const headers = { "X-CSRF-Token": this.#csrf, Accept: "application/json" };
    if (body !== null) headers["Content-Type"] = "application/json";
    if (method !== "GET") headers["Idempotency-Key"] = crypto.randomUUID();
    if (version !== null) headers["If-Match"] = `"${version}"`;
    const request = {
      method, headers, body: body && JSON.stringify(body), cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
    };
    return answerOf(await reached(PREFIX + path, request));
  }
}

async function reached(address, request) {
  try {
    return await fetch(address, request);
  } catch {
    throw new NotReached();
  }
}

async function answerOf(response) {
  if (response.status === 401) throw new SignedOut();
  let said;
  try {
    said = await response.json();
  } catch {
    throw new NotUnderstood();
  }
  if (!response.ok) throw new Refused(String(said?.type).split(":").at(-1), said?.detail);
  return said;
}

function understood(read) {
  try {
    return read();
  } catch {
    throw new NotUnderstood();
  }
}

function bytes(base64) {
  return Uint8Array.fromBase64(base64);
}

function idOf(base64) {
  return base64 === null ? null : hex(bytes(base64));
}

function readNotebook(shown) {
  return {
    caller: shown.caller,
    participants: shown.participants.map(readParticipant),
    furtherReaders: (shown.further_readers ?? []).map(readParticipant),
    stillReading: shown.still_reading ?? [],
    epochs: shown.epochs.map(readEpoch),
    entries: shown.entries.map(readEntry),
  };
}

function readParticipant({ person, part = null, current_key_id: current = null, public_keys: keys }) {
  const publicKeys = keys.map((each) => ({
    keyId: idOf(each.key_id), hpkePublic: bytes(each.hpke_public), signingPublic: bytes(each.signing_public),
  }));
  return { person, part, currentKeyId: idOf(current), publicKeys };
}

function readEpoch(epoch) {
  return {
    audience: epoch.audience,
    granter: epoch.granter,
    readers: epoch.readers.map((each) => ({ person: each.person, keyId: idOf(each.key_id) })),
    statement: bytes(epoch.statement),
    after: epoch.after ? { position: epoch.after.position, entryHash: idOf(epoch.after.entry_hash) } : null,
    sealedKey: epoch.sealed_key === null ? null : bytes(epoch.sealed_key),
    passedOn: (epoch.passed_on ?? []).map((each) => ({
      granter: each.granter,
      granterKeyId: idOf(each.granter_key_id),
      reader: each.reader,
      readerKeyId: idOf(each.reader_key_id),
      statement: bytes(each.statement),
    })),
  };
}

// The position is the service's word for which page comes next, and for nothing else.
function readEntry({ audience, position, sealed_entry: entry, wrapped_entry_key: key }) {
  return { audience, position, entry: bytes(entry), wrappedKey: key === null ? null : bytes(key) };
}

function readVault(shown) {
  return {
    person: shown.person,
    version: shown.version,
    sealedIdentity: shown.sealed_identity === null ? null : bytes(shown.sealed_identity),
    earlierIdentities: shown.earlier_identities.map(bytes),
    wrappers: shown.wrappers.map((each) => ({
      id: each.id,
      kind: each.kind,
      credentialHash: each.credential_hash === null ? null : bytes(each.credential_hash),
      salt: bytes(each.salt),
      wrappedKey: bytes(each.wrapped_key),
      addedAt: each.added_at,
    })),
  };
}

// What is handed in, as the routes take it.
export function wrapperToHandIn({ id, kind, credentialHash, salt, wrappedKey }) {
  return {
    id, kind, credential_hash: credentialHash && credentialHash.toBase64(), salt: salt.toBase64(), wrapped_key: wrappedKey.toBase64(),
  };
}

export function keysToHandIn(identity) {
  return {
    key_id: Uint8Array.fromHex(identity.keyId).toBase64(),
    hpke_public: identity.hpkePublic.toBase64(),
    signing_public: identity.signingPublic.toBase64(),
  };
}
