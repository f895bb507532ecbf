// What sealing and opening a note refuses, by the names of docs/specs/sealed-note.md; each says so in a sentence and
// none repeats what it was given.

export class SealingError extends Error {
  static says = "The note cannot be sealed or opened.";

  constructor() {
    super(new.target.says);
    this.name = new.target.name;
  }
}

export class UnknownFormat extends SealingError {
  static says = "These bytes are not a form of sealed note that this page knows.";
}

export class OutOfRange extends SealingError {
  static says = "A position, an epoch or the number of readers is out of range.";
}

export class EntryTooLarge extends SealingError {
  static says = "This text is too long for one entry. Please split it in two.";
}

export class NotText extends SealingError {
  static says = "A character in this text is broken and cannot be kept.";
}

export class NotForThisReader extends SealingError {
  static says = "The notebook key of this period was not granted to you.";
}

export class Tampered extends SealingError {
  static says = "What was received is not what its author or granter made for this place.";
}

export class GrantBelongsElsewhere extends Tampered {
  static says = "A grant was made for another notebook, audience or period.";
}

export class WrongGranter extends Tampered {
  static says = "A grant names another granter than expected.";
}

export class WrongReaders extends Tampered {
  static says = "The readers of a period are not the expected ones, or not allowed.";
}

export class SignatureIsNotTheGranters extends Tampered {
  static says = "A grant does not carry its granter's signature.";
}

export class GrantWasAltered extends Tampered {
  static says = "A sealed notebook key was altered or was not sealed for you.";
}

export class EntryBelongsElsewhere extends Tampered {
  static says = "An entry was made for another notebook, period or position.";
}

export class WrongAuthor extends Tampered {
  static says = "The author of an entry is not a reader of its period, or not the expected one.";
}

export class SignatureIsNotTheAuthors extends Tampered {
  static says = "An entry does not carry its author's signature.";
}

export class EntryWasAltered extends Tampered {
  static says = "An entry or its key was altered.";
}

export class CommitmentDoesNotMatch extends Tampered {
  static says = "A key is not the one that its maker committed to.";
}

export class BodyIsMalformed extends Tampered {
  static says = "An author signed a text that is not written as it must be.";
}

export class ChainIsBroken extends Tampered {
  static says = "An entry is missing, repeated or out of order.";

  constructor(position) {
    super();
    this.position = position;
  }
}
