// The page on which somebody makes what unlocks their notes, adds ways and removes them, or begins anew.

import { fingerprintWords } from "../sealing/fingerprint.js";
import { keysToHandIn, wrapperToHandIn } from "../notebook/service.js";
import { Vault, credentialHash, groupsToTypeBack, newRecoveryCode, newSalt, requireTypedBack } from "../vault.js";
import { askedTwice, byId, make, onDoing, page, say, show, tell } from "./elements.js";
import { Unlocking, fetchedVault, prfOutput, service, usablePasskeys } from "./unlocking.js";

const SECTIONS = ["begin", "code-shown", "type-back", "ask-passkey", "ways", "unlock", "unlocked", "anew"];
const GROUP_NAMES = ["first", "second", "third", "fourth", "fifth", "sixth"];
const KIND_WORDS = { passkey: "A passkey", recovery_code: "A recovery code" };

let shown = null;
let passkeys = [];
let unlocking = null;
let vault = null;

function only(...ids) {
  for (const id of SECTIONS) show(id, ids.includes(id));
}

async function start(found = null) {
  shown = found ?? (await service.vault());
  passkeys = await foundPasskeys();
  show("with-passkey", passkeys.length > 0);
  show("no-passkey", passkeys.length === 0);
  show("add-passkey", passkeys.length > 0);
  if (shown.version === 0) {
    only("begin");
    return;
  }
  unlocking ??= new Unlocking(shown, { onOpen: opened, onClose: () => only("ways", "unlock", "anew") });
  unlocking.renew(shown);
  listWays();
  only("ways", "anew");
  unlocking.ask();
}

async function foundPasskeys() {
  try {
    return await usablePasskeys();
  } catch (error) {
    tell(error);
    return [];
  }
}

async function opened(openedVault) {
  vault = openedVault;
  byId("my-words").textContent = await fingerprintWords(vault.identity.public);
  listWays();
  only("ways", "unlocked");
  say("Your notes can be opened here.");
}

function listWays() {
  const codes = shown.wrappers.filter((each) => each.kind === "recovery_code").length;
  byId("way-list").replaceChildren(...shown.wrappers.map((each) => {
    const day = new Date(each.addedAt).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    const item = make("li", {}, make("strong", { textContent: KIND_WORDS[each.kind] }), make("span", { className: "outcome", textContent: `Added on ${day}` }));
    const isNeeded = shown.wrappers.length < 3 || (each.kind === "recovery_code" && codes < 2);
    if (!isNeeded) {
      item.append(askedTwice("Remove it", {
        question: "Remove this way to unlock?", yes: "Yes, remove it", act: () => remove(each),
      }));
    }
    return item;
  }));
}

async function remove(way) {
  await service.removeWrapper(way.id);
  shown = await service.vault();
  unlocking.renew(shown);
  listWays();
  say("Removed. Whoever copied it before can still open what it opened.");
  byId("ways-title").focus();
}

// A code, shown and typed back in part; answers the way that it is once both are done.
async function confirmedCode(which) {
  const code = newRecoveryCode();
  byId("code-which").textContent = which;
  const groups = groupsToTypeBack();
  byId("typed-label").textContent = `The ${GROUP_NAMES[groups[0] - 1]} and the ${GROUP_NAMES[groups[1] - 1]} group`;
  for (;;) {
    byId("new-code").textContent = code.text;
    only("code-shown");
    byId("code-title").focus();
    await pressed("code-written");
    byId("new-code").textContent = "";
    if (await typedBack(code, groups)) break;
  }
  return { kind: "recovery_code", salt: newSalt(), secret: code.secret };
}

// Whether it was typed back; false where the person wants to see the code again.
async function typedBack(code, groups) {
  byId("typed").value = "";
  byId("typed-fault").textContent = "";
  only("type-back");
  byId("type-title").focus();
  for (;;) {
    const pressedWhat = await Promise.race([pressed("type-back", "submit"), pressed("show-code-again")]);
    if (pressedWhat === "show-code-again") return false;
    try {
      requireTypedBack(byId("typed").value, code.text, groups);
      byId("typed").value = "";
      return true;
    } catch (error) {
      tell(error, byId("typed-fault"));
    }
  }
}

async function confirmedPasskey() {
  only("ask-passkey");
  byId("ask-title").focus();
  await pressed("use-passkey");
  const [rawId, salt] = [passkeys[0], newSalt()];
  const secret = await prfOutput(rawId, salt);
  return { kind: "passkey", credentialHash: await credentialHash(rawId), salt, secret };
}

function pressed(id, kind = "click") {
  return new Promise((resolve) => {
    byId(id).addEventListener(kind, (event) => {
      event.preventDefault();
      resolve(id);
    }, { once: true });
  });
}

// Everything is made and confirmed first; then one command begins the vault and publishes the keys.
async function begin(secondWay) {
  try {
    const ways = [await confirmedCode("This is the first of your two ways."), await secondWay()];
    const made = await Vault.make(shown.person);
    const wrappers = [];
    for (const way of ways) wrappers.push(wrapperToHandIn(await made.wrapFor(way)));
    const sealedIdentity = await made.sealedIdentity();
    await service.beginVault({
      wrappers, sealed_identity: sealedIdentity.toBase64(), public_keys: keysToHandIn(made.identity.public),
    }, shown.version);
    await start();
    await unlocking.opened(made);
    say("Your keys are made. You can write notes now.");
  } catch (error) {
    await start();
    throw error;
  }
}

async function add(way) {
  try {
    await service.addWrapper(wrapperToHandIn(await vault.wrapFor(await way())));
    shown = await service.vault();
    unlocking.renew(shown);
    listWays();
    say("Added.");
  } finally {
    only("ways", "unlocked");
    byId("ways-title").focus();
  }
}

onDoing(byId("begin-with-codes"), "click", () => begin(() => confirmedCode("This is the second code. Keep it in another place than the first.")));
onDoing(byId("begin-with-passkey"), "click", () => begin(confirmedPasskey));
onDoing(byId("add-code"), "click", () => add(() => confirmedCode("This is one more way to unlock your notes.")));
onDoing(byId("add-passkey"), "click", () => add(confirmedPasskey));
onDoing(byId("begin-anew"), "click", () => only("begin"));
page.addEventListener("submit", (event) => event.preventDefault());
fetchedVault(start);
