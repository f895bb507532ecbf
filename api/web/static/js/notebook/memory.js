// What this browser remembers of one relationship, so that the service cannot show it another past: the others and
// the keys trusted as theirs, and where each strand ended. It is kept sealed, and never goes back.

import { PublicIdentity } from "../sealing/identity.js";
import { EMPTY } from "../sealing/header.js";

const NEW_STRAND = { epoch: 0, statementHash: "", position: EMPTY.position, entryHash: EMPTY.entryHash };
const NEW = { myPerson: null, others: [], own: NEW_STRAND, shared: NEW_STRAND };

export class Memory {
  #kept;
  #name;

  constructor(kept, relationship) {
    this.#kept = kept;
    this.#name = `seen ${relationship}`;
  }

  async read() {
    const found = { ...NEW, ...(await this.#kept.get(this.#name)) };
    const others = await Promise.all(found.others.map(async (each) => ({
      ...each, keys: await Promise.all(each.keys.map((key) => PublicIdentity.fromBytes(Uint8Array.fromBase64(key)))),
    })));
    return { ...found, others };
  }

  // Another tab may have seen more by now, so of each strand the further one is kept.
  async keep({ myPerson, others, own, shared }) {
    const before = { ...NEW, ...(await this.#kept.get(this.#name)) };
    await this.#kept.set(this.#name, {
      myPerson,
      others: others.map((each) => ({ ...each, keys: each.keys.map((key) => key.toBytes().toBase64()) })),
      own: further(before.own, own),
      shared: further(before.shared, shared),
    });
  }
}

function further(one, other) {
  const isFurther = one.epoch > other.epoch || (one.epoch === other.epoch && one.position > other.position);
  return isFurther ? one : other;
}
