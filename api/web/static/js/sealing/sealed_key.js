// Notebook keys sealed to a reader by HPKE, which binds where the key belongs, who granted it, to whom and what for
// (section 3.1). A place is {strand, number, granter, purpose}.

import {
  Form, KEY_BYTES, PREFIX_BYTES, SUITE_LABEL, TAG_BYTES, ascii, concat, contentOf, derive, hex, isSame, label, labelledHash, lp,
  prefix, u32, unhex, uuidBytes,
} from "./encoding.js";
import { CommitmentDoesNotMatch, GrantWasAltered } from "./errors.js";
import { ENC_BYTES } from "./hpke.js";
import { strandAt } from "./statement.js";

export const READ = "read";
export const READ_PASSED_ON = "read-passed-on";

const SEALED_KEY_BYTES = PREFIX_BYTES + ENC_BYTES + KEY_BYTES + TAG_BYTES;

export async function sealKey(secret, place, reader) {
  return concat(prefix(Form.SEALED_NOTEBOOK_KEY), await reader.seal(secret, infoFor(place, reader)));
}

// The last checks of sections 3.3 and 3.4: the key inside, and that it is the one committed to.
export async function openKey(sealedKey, { place, reader, said }) {
  if ((await sealedKeyHash(sealedKey)) !== said.sealedKeyHash) throw new GrantWasAltered();
  const content = contentOf(sealedKey, Form.SEALED_NOTEBOOK_KEY, SEALED_KEY_BYTES);
  const secret = await reader.open(content, infoFor(place, reader.public));
  if (secret === null || secret.length !== KEY_BYTES) throw new GrantWasAltered();
  const isCommitted = isSame(unhex(await commitment(secret, place)), unhex(said.keyCommitment));
  if (!isCommitted) throw new CommitmentDoesNotMatch();
  return secret;
}

export async function commitment(secret, { strand, number }) {
  return hex(await derive(secret, "notebook-commitment", strandAt(strand, number)));
}

export function sealedKeyHash(sealedKey) {
  return labelledHash("sealed-key-hash", sealedKey);
}

function infoFor({ strand, number, granter, purpose }, reader) {
  return lp(
    label("notebook-key"),
    SUITE_LABEL,
    uuidBytes(strand.notebookId),
    Uint8Array.of(strand.audience),
    u32(number),
    unhex(granter.keyId),
    unhex(reader.keyId),
    ascii(purpose),
  );
}
