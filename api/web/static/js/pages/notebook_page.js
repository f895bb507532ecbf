// The page of a notebook: unlock, read, write, change, share, destroy, and compare words.

import { Notebook } from "../notebook.js";
import { WordsDiffer } from "../notebook/errors.js";
import { KeptHere } from "../vault.js";
import { byId, onDoing, page, say, sentenceFor, show, tell } from "./elements.js";
import { Entries } from "./entries.js";
import { Unlocking, fetchedVault, service } from "./unlocking.js";
import { Writing } from "./writing.js";

const { relationship, partner, later } = page.dataset;
const writing = new Writing();
const entries = new Entries(partner, {
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

async function open(vault) {
  const kept = await KeptHere.of(vault);
  notebook = new Notebook({
    service,
    relationship,
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
  if (entries.isEmpty) await tellOfPartner();
  entries.render();
}

async function read() {
  say("Opening …");
  try {
    await notebook.read();
    say(entries.count === 1 ? "One entry is open." : `${entries.count} entries are open.`);
  } finally {
    if (notebook?.pair) await tellOfPartner();
  }
}

async function write(draft) {
  try {
    await notebook.write(draft);
  } finally {
    if (notebook?.pair) await tellOfPartner();
  }
}

async function tellOfPartner() {
  entries.render();
  const { trouble, alarm } = notebook;
  if (alarm) tell(alarm);
  show("trouble", trouble !== null);
  if (trouble) byId("trouble-said").textContent = sentenceFor(trouble);
  byId("my-words").textContent = await notebook.myWords();
  const words = trouble?.words ?? (await notebook.partnerWords());
  if (words !== null) byId("their-words").textContent = words;
  byId("compared").textContent = notebook.hasCompared && !trouble
    ? `You have compared words with ${partner}.`
    : `You have not compared words with ${partner} yet.`;
  const { length } = notebook.toPassOn;
  show("passing-on", length > 0);
  byId("passing-on-said").textContent = `There are shared notes that ${partner} cannot read with these keys. Only if you are sure whose they are, let them read those.`;
  show("write", !notebook.pair.isVisitor);
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
  byId("their-words").textContent = "";
}

onDoing(byId("accept"), "submit", accept, byId("words-fault"));
onDoing(byId("pass-on"), "click", passOn);
onDoing(byId("let-read"), "submit", letRead, byId("successor-fault"));
fetchedVault((shown) => {
  if (shown.version === 0) {
    show("no-keys");
    return;
  }
  const unlocking = new Unlocking(shown, { onOpen: open, onClose: close });
  byId("lock").addEventListener("click", () => {
    unlocking.close();
    say("Your notes are closed.");
    byId("code").focus();
  });
  unlocking.ask();
});
