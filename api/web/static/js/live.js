// Keeps a page up to date while somebody looks at it: told that something changed, it fetches its own
// address anew and takes over what differs. It holds no text of its own and asks no other address.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60000;
const LEAST_APART = 500;
const PATIENCE = 20000;

const main = document.querySelector("main[data-changes]");
const news = document.getElementById("news");

let shown = Number(main.dataset.shown);
let wanted = shown;
let pause = FIRST_PAUSE;
let stream = null;
let timer = 0;
let isFetching = false;

function listen() {
  clearTimeout(timer);
  if (stream !== null || document.hidden) return;
  stream = new EventSource(`${main.dataset.changes}?after=${shown}`);
  stream.addEventListener("open", () => { pause = FIRST_PAUSE; });
  stream.addEventListener("changed", (told) => bringUpTo(Number(told.data)));
  stream.addEventListener("signed-out", leave);
  stream.addEventListener("error", tryLater);
}

function hangUp() {
  clearTimeout(timer);
  if (stream !== null) stream.close();
  stream = null;
}

function tryLater() {
  hangUp();
  timer = setTimeout(listen, pause * (0.5 + Math.random() / 2));
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}

// A page of an ended session is not left standing, unless somebody would lose what they wrote.
function leave() {
  hangUp();
  if (main.querySelector("form") && [...main.querySelectorAll("form")].some(isWrittenIn)) {
    say(main.dataset.signedOut);
  } else {
    location.reload();
  }
}

async function bringUpTo(position) {
  wanted = Math.max(wanted, position);
  if (isFetching) return;
  isFetching = true;
  while (wanted > shown) {
    const asked = wanted;
    const fresh = await fetched(asked);
    if (fresh === null) {
      tryLater();
      break;
    }
    take(fresh);
    shown = Math.max(asked, Number(fresh.dataset.shown));
    await new Promise((resolve) => { setTimeout(resolve, LEAST_APART); });
  }
  isFetching = false;
}

// The browser reads the answer as a document by itself: no text of it is ever made into markup here.
function fetched(position) {
  const address = new URL(location.href);
  address.searchParams.set("at_least", position);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.timeout = PATIENCE;
    request.addEventListener("loadend", () => {
      resolve(request.response?.querySelector("main[data-changes]") ?? null);
    });
    request.send();
  });
}

function take(fresh) {
  const held = document.activeElement;
  const [left, top] = [scrollX, scrollY];
  const isLeft = [...main.querySelectorAll("form")].some(isWrittenIn);
  if (!update(main, fresh)) return;
  if (held !== null && !held.isConnected) (twinOf(held) ?? main).focus({ preventScroll: true });
  scrollTo(left, top);
  say(isLeft ? main.dataset.newsBeside : main.dataset.news);
}

// As deep as both are alike, so that what did not change stays the very same element. Says if anything did.
function update(old, fresh) {
  if (old === main ? isSameInside(old, fresh) : old.isEqualNode(fresh)) return false;
  if (old.nodeName === "FORM" && isWrittenIn(old)) return false;
  if (old !== main && !isAlike(old, fresh)) {
    old.replaceWith(fresh);
    return true;
  }
  if (old.childNodes.length !== fresh.childNodes.length) {
    refill(old, fresh);
    return true;
  }
  const pairs = [...old.childNodes].map((each, n) => [each, fresh.childNodes[n]]);
  return pairs.map(([one, other]) => update(one, other)).some(Boolean);
}

function refill(old, fresh) {
  const kept = [...old.children].find(holdsWriting);
  const all = [...fresh.childNodes];
  if (kept === undefined) {
    old.replaceChildren(...all);
    return;
  }
  // What somebody writes in is not even moved: an element that moves loses the focus.
  const twin = all.findIndex((each) => isAlike(each, kept));
  for (const each of [...old.childNodes]) {
    if (each !== kept) each.remove();
  }
  kept.before(...(twin < 0 ? all : all.slice(0, twin)));
  kept.after(...(twin < 0 ? [] : all.slice(twin + 1)));
}

function isSameInside(old, fresh) {
  return old.childNodes.length === fresh.childNodes.length
    && [...old.childNodes].every((each, n) => each.isEqualNode(fresh.childNodes[n]));
}

function isAlike(one, other) {
  return one.nodeType === Node.ELEMENT_NODE && one.cloneNode().isEqualNode(other.cloneNode());
}

function holdsWriting(element) {
  return [element, ...element.querySelectorAll("form")].some(isWrittenIn);
}

function isWrittenIn(form) {
  if (form.nodeName !== "FORM") return false;
  if (form.contains(document.activeElement)) return true;
  return [...form.elements].some((field) => field.type !== "hidden" && (
    (field.defaultValue ?? field.value) !== field.value
    || (field.defaultChecked ?? field.checked) !== field.checked
  ));
}

function twinOf(held) {
  if (held.id) return document.getElementById(held.id);
  const address = held.getAttribute("href");
  return address && main.querySelector(`[href="${CSS.escape(address)}"]`);
}

function say(words) {
  news.textContent = "";
  requestAnimationFrame(() => { news.textContent = words; });
}

// Whatever is sent off is waited for: signing out ends this very stream, and to reload then would cut its answer short,
// by which the browser forgets what it was shown.
document.addEventListener("submit", () => {
  hangUp();
  timer = setTimeout(listen, LONGEST_PAUSE);
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    hangUp();
  } else {
    pause = FIRST_PAUSE;
    listen();
  }
});
addEventListener("pagehide", hangUp);
addEventListener("pageshow", listen);
listen();
