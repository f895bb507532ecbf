// The page of a notebook: unlock, read, write, change, share, destroy, and compare words.

import { Notebook } from "../notebook.js";
import { SomebodyIsMissing, WordsDiffer } from "../notebook/errors.js";
import { KeptHere } from "../vault.js";
import { byId, onDoing, page, say, sentenceFor, show, tell } from "./elements.js";
import { Entries } from "./entries.js";
import { listOthers } from "./others.js";
import { listReaders } from "./readers.js";
import { Unlocking, fetchedVault, service } from "./unlocking.js";
import { Writing } from "./writing.js";

const { relationship, partner, later } = page.dataset;
const [isGroup, isOver] = ["group" in page.dataset, "over" in page.dataset];
const PART_NAMES = isGroup ? { mentor: "the facilitator", mentee: "a member of your group" } : { mentor: partner, mentee: partner };
const writing = new Writing();
const entries = new Entries({ partner, nameOf: nameOfAuthor }, {
  amend: (entry) => writing.amend(entry),
  share: async ({ id, kind, text }) => {
    await notebook.share({ id, kind, text });
    say(`Shared. You and ${partner} can read it now.`);
  },
  destroy: async (entry) => {
    // What it said before may not have arrived yet, and goes with it.
    await notebook.read();
    for (const id of entry.places) await notebook.destroy(id);
    entries.destroyed(entry);
    say("Destroyed. Nobody can open it any more.");
    byId("entries-title").focus();
  },
});

let notebook = null;
let successor = null;
let unlocking = null;

async function open(vault) {
  const kept = await KeptHere.of(vault);
  notebook = new Notebook({
    service,
    relationship,
    isGroup,
    identities: vault.identities,
    kept,
    onEntry: (entry) => entries.add(entry),
    onPage,
  });
  await writing.begin(kept, relationship, write);
  show("notebook");
  try {
    await read();
    await findSuccessor();
  } catch (error) {
    tell(error);
  }
}

async function findSuccessor() {
  show("successor", later !== undefined && notebook.shared.newest !== null);
  if (later === undefined) return;
  successor = await notebook.successorIn(later);
  if (successor) byId("successor-words").textContent = successor.words;
}

async function letRead() {
  if (successor === null) throw new WordsDiffer();
  await notebook.passOnTo(successor, { typed: byId("successor-said").value, later });
  byId("successor-said").value = "";
  entries.clear();
  await read();
  const address = `${location.origin}/my-caseload/${relationship}/notebook`;
  say(`Your new mentoring partner can read it now. Give them its address: ${address}`);
}

// The newest are there to be read, and the page to be used, while the earlier ones are opened.
async function onPage() {
  if (entries.isEmpty) await tellOfOthers();
  entries.render();
}

async function read() {
  say("Opening …");
  try {
    await notebook.read();
    say(entries.count === 1 ? "One entry is open." : `${entries.count} entries are open.`);
  } finally {
    if (notebook?.circle) await tellOfOthers();
  }
}

async function write(draft) {
  try {
    await notebook.write(draft);
  } finally {
    if (notebook?.circle) await tellOfOthers();
  }
}

async function tellOfOthers() {
  entries.render();
  const { trouble, alarm, circle } = notebook;
  if (alarm) tell(alarm);
  show("trouble", trouble !== null);
  show("let-go", trouble instanceof SomebodyIsMissing);
  if (trouble) byId("trouble-said").textContent = sentenceFor(trouble);
  byId("my-words").textContent = await notebook.myWords();
  listOthers(await notebook.others(), ({ part }) => PART_NAMES[part]);
  listReaders((await notebook.readers()).map(withName), endReading);
  show("passing-on", notebook.toPassOn.length > 0);
  byId("passing-on-said").textContent = `There are shared notes that ${partner} cannot read with these keys. Only if you are sure whose they are, let them read those.`;
  show("write", !circle.isVisitor);
}

function nameOfAuthor(entry) {
  const person = notebook.personWho(entry);
  if (person === notebook.circle.myPerson) return "you, with earlier keys";
  return PART_NAMES[notebook.circle.partOf(person)] ?? "somebody who took part before";
}

// A mentee ends the reading of everybody but themselves, the others their own; of who takes part, once it is over.
function withName(reader) {
  const { circle } = notebook;
  const isMineToEnd = circle.isMentee && !isGroup ? !reader.isMe : reader.isMe;
  const mayEnd = isMineToEnd && reader.isReading && (isOver || reader.part === null);
  const name = reader.isMe ? "You" : PART_NAMES[reader.part] ?? "Somebody to whom it was passed on, or who left";
  return { ...reader, name: name[0].toUpperCase() + name.slice(1), words: reader.isMe ? null : reader.words, mayEnd };
}

async function endReading({ person, isMe }) {
  await notebook.endReading(person);
  if (isMe) {
    unlocking.close();
    say("You read these notes no more.");
    return;
  }
  await read();
  say("They read these notes no more.");
  byId("reading").querySelector("summary").focus();
}

async function letGo() {
  await notebook.letGo();
  entries.clear();
  await read();
}

async function passOn() {
  await notebook.passOn();
  entries.clear();
  await read();
  say(`${partner[0].toUpperCase()}${partner.slice(1)} can read now what was shared before.`);
}

async function accept() {
  await notebook.accept(byId("said-words").value);
  entries.clear();
  byId("said-words").value = "";
  await read();
  say(`These are the keys of ${partner}, as they told you.`);
}

function close() {
  notebook = null;
  writing.end();
  entries.clear();
  show("notebook", false);
  show("trouble", false);
  show("successor", false);
  successor = null;
  byId("my-words").textContent = "";
  listOthers([]);
  listReaders([]);
}

onDoing(byId("accept"), "submit", accept, byId("words-fault"));
onDoing(byId("pass-on"), "click", passOn);
onDoing(byId("let-go"), "click", letGo);
onDoing(byId("let-read"), "submit", letRead, byId("successor-fault"));
fetchedVault((shown) => {
  if (shown.version === 0) {
    show("no-keys");
    return;
  }
  unlocking = new Unlocking(shown, { onOpen: open, onClose: close });
  byId("lock").addEventListener("click", () => {
    unlocking.close();
    say("Your notes are closed.");
    byId("code").focus();
  });
  unlocking.ask();
});
