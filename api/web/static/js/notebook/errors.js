// What a notebook refuses in the browser, each in a sentence for the person; what only a dishonest service can do has
// its own kind.

export class NotebookError extends Error {
  static says = "The notebook cannot be used now.";

  constructor(message = new.target.says) {
    super(message);
    this.name = new.target.name;
  }
}

export class NoPartnerYet extends NotebookError {
  static says = "Nobody can read a shared entry yet: you are not matched, or the other person has made no keys.";
}

export class NotPassedOnYet extends NotebookError {
  static says = "The shared notes were sealed to keys that you no longer have. Ask the other person to compare words with you and to let you read them again; then you can write here.";
}

export class WordsDiffer extends NotebookError {
  static says = "These are not the words of the keys that the service shows now. Do not accept them.";
}

export class NotReached extends NotebookError {
  static says = "The service cannot be reached. Nothing is lost; try again when you are online.";
}

export class SignedOut extends NotebookError {
  static says = "You are signed out. What you wrote is kept sealed in this browser; sign in again to go on.";
}

export class NotUnderstood extends NotebookError {
  static says = "The service answered in a way that this page does not understand.";
}

export class Refused extends NotebookError {
  static says = "The service refused.";

  constructor(kind, detail) {
    super(detail);
    this.kind = kind;
  }
}

export class Untrustworthy extends NotebookError {
  static says = "The service showed something that cannot be true. Nothing of it was opened or written.";
}

export class MyKeysAreNotCurrent extends Untrustworthy {
  static says = "The service does not show your keys as yours. Write nothing, and tell your coordinator.";
}

export class PartnerHasMyKeys extends Untrustworthy {
  static says = "The keys shown as the other person’s are your own. Share nothing, and tell your coordinator.";
}

export class UnexpectedReaders extends Untrustworthy {
  static says = "Somebody would read the shared notes who should not, or somebody who should is missing.";
}

export class RolledBack extends Untrustworthy {
  static says = "The service shows an older or another state of the notebook than you have seen before.";
}

export class PartnerHasChanged extends Untrustworthy {
  static says = "The service names another person than the one you share notes with. Compare the words with them before you share anything.";

  constructor(words = null) {
    super();
    this.words = words;
  }
}

export class SomebodyHasNoKeys extends NotebookError {
  static says = "Somebody who takes part has made no keys yet. What you wrote stays here; share it once they have.";
}

export class ReadingHasEnded extends NotebookError {
  static says = "Your reading of what is shared here has ended, as the service says. What you wrote for yourself stays yours.";
}

export class StillTakesPart extends NotebookError {
  static says = "They still take part.";
}

export class SomebodyHasJoined extends Untrustworthy {
  static says = "The service names somebody whom you do not know here yet. Compare the words with them before you share anything.";

  constructor(words) {
    super();
    this.words = words;
  }
}

export class SomebodyIsMissing extends Untrustworthy {
  static says = "Somebody with whom you share notes is not named any more. If you know that they left, say so.";

  constructor(words) {
    super();
    this.words = words;
  }
}

export class KeysHaveChanged extends Untrustworthy {
  static says = "The other person’s keys have changed. Compare the words with them, not through this service, before you accept them.";

  constructor(words) {
    super();
    this.words = words;
  }
}
