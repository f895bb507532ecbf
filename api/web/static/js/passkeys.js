// Signs people in by passkey, and adds passkeys. What is posted is picked part by part: the answer of a device can also hold the
// secret that opens notes, which leaves no page. Notes are opened by a page of their own, with a question of its own.

const FORGOTTEN = ["NotAllowedError", "AbortError"];
const WORDS = {
  elsewhere: "Passkeys work at another address of this service alone: ",
  stopped: "Nothing happened: the device was not asked, or did not answer. You can try again.",
  known: "This device holds a passkey of yours already.",
  lost: "The service could not be reached. Please try again in a moment.",
  odd: "That did not work. Please try again, or use another way.",
  busy: "Your device will ask you now.",
  adding: "Your device will ask you now. Its name for this service is “Professional development”.",
  opens: "Added. It can open your notes too.",
  opensNot: "Added. It signs you in, but it cannot open your notes; your recovery code will be the way to them.",
  again: "You are signed in. You can send what you wrote now.",
};

const place = document.querySelector("[data-passkeys]");
const button = place?.querySelector("button");
const news = place?.querySelector("[role=status]");

class Refused extends Error {}

function say(words) {
  news.textContent = words;
}

function encoded(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function post(path, body, csrf = "") {
  const headers = { "Content-Type": "application/json" };
  if (csrf) headers["X-CSRF-Token"] = csrf;
  const request = { method: "POST", headers, body: JSON.stringify(body), cache: "no-store" };
  const answer = await fetch(`/api/v1/passkeys${path}`, request);
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(told.detail || WORDS.odd);
  return told;
}

async function signIn() {
  say(WORDS.busy);
  const { options } = await post("/sign-in/options", {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  const { response } = credential;
  const told = await post("/sign-in", {
    credential: credential.id,
    client_data: encoded(response.clientDataJSON),
    authenticator_data: encoded(response.authenticatorData),
    signature: encoded(response.signature),
    user_handle: encoded(response.userHandle ?? new ArrayBuffer(0)),
  });
  goOn(told.csrf);
}

function goOn(csrf) {
  const kept = document.querySelector("#kept form");
  if (kept === null) {
    location.assign(place.dataset.then);
    return;
  }
  kept.elements.csrf.value = csrf;
  kept.hidden = false;
  document.getElementById("by-token").hidden = true;
  button.hidden = true;
  say(WORDS.again);
  kept.querySelector("button").focus();
}

async function add() {
  const name = place.elements.name.value.trim();
  const { csrf } = place.dataset;
  say(WORDS.adding);
  const { options } = await post("/options", { name }, csrf);
  const asked = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  // Whether this device could open notes too; the secret by which it would is not asked for here.
  const publicKey = { ...asked, extensions: { ...asked.extensions, prf: {} } };
  const credential = await navigator.credentials.create({ publicKey });
  const { response } = credential;
  const canUnlock = credential.getClientExtensionResults().prf?.enabled === true;
  const told = await post("", {
    name,
    credential: credential.id,
    client_data: encoded(response.clientDataJSON),
    attestation: encoded(response.attestationObject),
    can_unlock: canUnlock,
  }, csrf);
  for (const field of document.querySelectorAll("input[name=csrf]")) field.value = told.csrf;
  say(canUnlock ? WORDS.opens : WORDS.opensNot);
  leadOn(told.position);
}

// What is listed on this page changed. It is read anew by a press, so that the words stay until they were read.
function leadOn(position) {
  const link = document.createElement("a");
  link.href = `/my-sign-in?at_least=${position}`;
  link.className = "button second";
  link.textContent = "See your passkeys";
  place.querySelector(".field").hidden = true;
  button.replaceWith(link);
  link.focus();
}

function wordsFor(fault) {
  if (fault instanceof Refused) return fault.message;
  if (fault instanceof TypeError) return WORDS.lost;
  if (fault.name === "InvalidStateError") return WORDS.known;
  return FORGOTTEN.includes(fault.name) ? WORDS.stopped : WORDS.odd;
}

async function carryOut(work) {
  button.disabled = true;
  try {
    await work();
  } catch (fault) {
    say(wordsFor(fault));
  }
  button.disabled = false;
}

function begin() {
  const isAdding = place.dataset.passkeys === "add";
  place.hidden = false;
  button.hidden = false;
  button.disabled = false;
  say("");
  if (isAdding) {
    place.addEventListener("submit", (event) => {
      event.preventDefault();
      carryOut(add);
    });
  } else {
    button.addEventListener("click", () => carryOut(signIn));
  }
}

function pointElsewhere() {
  const link = document.createElement("a");
  link.href = place.dataset.origin + location.pathname;
  link.textContent = place.dataset.origin;
  place.hidden = false;
  button.hidden = true;
  news.replaceChildren(WORDS.elsewhere, link);
}

if (place !== null && typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === "function") {
  if (location.origin === place.dataset.origin) begin();
  else pointElsewhere();
}
