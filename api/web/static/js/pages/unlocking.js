// Unlocks a vault on a page, by passkey or recovery code, and closes it again: after quiet minutes, when the page is
// left, and whenever asked. Keys are in memory alone.

import { NotReached } from "../notebook/errors.js";
import { Service } from "../notebook/service.js";
import { PasskeyDidNotAnswer, PrfOutputUnusable, credentialHash, prfInput, readRecoveryCode, unlock } from "../vault.js";
import { byId, onDoing, page, say, show, tell } from "./elements.js";

const QUIET_MILLISECONDS = 15 * 60000;
const LOOK_EVERY = 5000;
const SIGNS_OF_LIFE = ["keydown", "pointerdown", "input"];
const FORGOTTEN = ["NotAllowedError", "AbortError"];

export const service = new Service(page.dataset.csrf);

// Shows the form, and hands the opened vault to `onOpen`; `onClose` is called when it is closed.
export class Unlocking {
  #shown;
  #vault = null;
  #onOpen;
  #onClose;
  #lastSign = 0;
  #looking = 0;

  constructor(shown, { onOpen, onClose }) {
    this.#shown = shown;
    this.#onOpen = onOpen;
    this.#onClose = onClose;
    onDoing(byId("unlock-by-code"), "submit", () => this.#byCode(), byId("code-fault"));
    onDoing(byId("unlock-by-passkey"), "click", () => this.#byPasskey());
    for (const sign of SIGNS_OF_LIFE) document.addEventListener(sign, () => this.#hear(), { passive: true });
    addEventListener("pagehide", () => this.close());
  }

  ask() {
    show("by-passkey", this.#shown.wrappers.some((each) => each.kind === "passkey"));
    show("unlock");
  }

  // What the service keeps now, after something was added or removed.
  renew(shown) {
    this.#shown = shown;
  }

  async opened(vault) {
    this.#vault = vault;
    byId("code").value = "";
    show("unlock", false);
    this.#lastSign = Date.now();
    // One timer for all of it would stand still while a device sleeps; the clock on the wall does not.
    clearInterval(this.#looking);
    this.#looking = setInterval(() => this.#closeIfQuiet(), LOOK_EVERY);
    await this.#onOpen(vault);
  }

  close() {
    if (this.#vault === null) return;
    clearInterval(this.#looking);
    this.#vault.forget();
    this.#vault = null;
    this.#onClose();
    this.ask();
  }

  async #byCode() {
    const secret = readRecoveryCode(byId("code").value);
    await this.opened(await unlock(this.#shown, "recovery_code", secret));
  }

  async #byPasskey() {
    const wrapper = await this.#wrapperOfPasskey();
    const secret = await prfOutput(wrapper.rawId, wrapper.salt);
    const shown = { ...this.#shown, wrappers: [wrapper] };
    await this.opened(await unlock(shown, "passkey", secret));
  }

  // The newest wrapper whose passkey the person still has.
  async #wrapperOfPasskey() {
    for (const rawId of await usablePasskeys()) {
      const hash = (await credentialHash(rawId)).toHex();
      const wrapper = this.#shown.wrappers.findLast((each) => each.credentialHash?.toHex() === hash);
      if (wrapper) return { ...wrapper, rawId };
    }
    throw new PrfOutputUnusable();
  }

  // Whoever comes back after a long while finds the notes closed, and does not open them again by coming.
  #hear() {
    this.#closeIfQuiet();
    this.#lastSign = Date.now();
  }

  #closeIfQuiet() {
    if (this.#vault === null || Date.now() - this.#lastSign < QUIET_MILLISECONDS) return;
    this.close();
    say("Your notes were closed, because nothing happened for a while.");
  }
}

// The raw ids of the passkeys that can open notes, the last added first.
export async function usablePasskeys() {
  const { passkeys } = await service.passkeys();
  return passkeys.filter((each) => each.can_unlock)
    .map((each) => Uint8Array.fromBase64(each.credential, { alphabet: "base64url" })).reverse();
}

// Asks the authenticator for the secret of one wrapper. The challenge signs nobody in: nothing of this is sent.
export async function prfOutput(rawId, salt) {
  const publicKey = {
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    allowCredentials: [{ type: "public-key", id: rawId }],
    userVerification: "required",
    extensions: { prf: { eval: { first: await prfInput(salt) } } },
  };
  try {
    const credential = await navigator.credentials.get({ publicKey });
    const first = credential.getClientExtensionResults().prf?.results?.first;
    return first === undefined ? null : new Uint8Array(first);
  } catch (error) {
    throw FORGOTTEN.includes(error.name) ? new PasskeyDidNotAnswer() : new PrfOutputUnusable();
  }
}

// The vault as the service shows it; when that fails, the page says so and offers to try again by itself.
export async function fetchedVault(onFetched) {
  try {
    await onFetched(await service.vault());
  } catch (error) {
    tell(error);
    if (error instanceof NotReached) addEventListener("online", () => fetchedVault(onFetched), { once: true });
  }
}
