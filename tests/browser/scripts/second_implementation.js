// HPKE by another implementation, in the suite of the sealed note, against ours.

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { implementation, newIdentity } from "BUNDLE/sealing.js";

export { implementation };

const ENC_BYTES = 1120;

// Seals by ours and opens by the other, and the reverse; answers what came out.
export async function bothWays(text) {
  const [suite, identity, info] = [theirs(), await newIdentity(), bytesOf("a place")];
  const seed = identity.toBytes().subarray(3, 35);
  const secret = await suite.kem.deserializePrivateKey(seed);
  const sealed = await identity.public.seal(bytesOf(text), info);
  const recipient = await suite.createRecipientContext({ recipientKey: secret, enc: sealed.slice(0, ENC_BYTES), info });
  const publicKey = await suite.kem.deserializePublicKey(identity.public.hpkePublic);
  const sender = await suite.createSenderContext({ recipientPublicKey: publicKey, info });
  const ciphertext = new Uint8Array(await sender.seal(bytesOf(text)));
  const opened = await identity.open(Uint8Array.from([...new Uint8Array(sender.enc), ...ciphertext]), info);
  return [textOf(await recipient.open(sealed.slice(ENC_BYTES))), textOf(opened)];
}

function theirs() {
  return new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}

function bytesOf(text) {
  return new TextEncoder().encode(text);
}

function textOf(bytes) {
  return new TextDecoder().decode(bytes);
}
