// A verified epoch that this participant can read.

import { derive } from "./encoding.js";
import { strandAt } from "./statement.js";

export class NotebookKey {
  #secret;

  constructor(epoch, secret) {
    this.epoch = epoch;
    this.#secret = secret;
  }

  // The key that wraps entry keys (section 3).
  wrappingKey() {
    return derive(this.#secret, "entry-key-wrapping", strandAt(this.epoch.strand, this.epoch.number));
  }

  // Hands the secret to what seals it on, and to nothing else.
  sealedBy(seal) {
    return seal(this.#secret);
  }
}
