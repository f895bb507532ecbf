// What a vault refuses, by the names of docs/specs/vault.md, each in a sentence for the person.

import { SealingError, Tampered } from "../sealing/errors.js";

export class PrfOutputUnusable extends SealingError {
  static says = "This passkey cannot unlock your notes here. Use your recovery code.";
}

export class PasskeyDidNotAnswer extends SealingError {
  static says = "Nothing was unlocked: your device was not asked, or did not answer. Try again, or use your recovery code.";
}

export class DoesNotUnlock extends SealingError {
  static says = "This does not unlock your notes. Is it a code of yours, and the newest one?";
}

export class VaultWasAltered extends Tampered {
  static says = "What is kept for you was altered. Nothing of it was opened; tell your coordinator.";
}

export class VaultBelongsElsewhere extends Tampered {
  static says = "What is kept for you belongs to somebody else. Nothing of it was opened; tell your coordinator.";
}

export class NotARecoveryCode extends SealingError {
  static says = "There is a character in it that no recovery code has.";
}

export class RecoveryCodeHasWrongLength extends SealingError {
  static says = "A recovery code has 30 letters and digits.";

  constructor(length) {
    super();
    this.length = length;
    this.message = `A recovery code has 30 letters and digits, this has ${length}.`;
  }
}

export class RecoveryCodeIsMistyped extends SealingError {
  static says = "There is a typing mistake in this code. Compare it letter by letter.";
}

export class TypedBackDiffers extends SealingError {
  static says = "These are not the two groups that we asked for. Look at the code that you wrote down.";
}
