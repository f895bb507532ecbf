// Takes the code of an invitation, or a slip, out of the address, where it would stay in the browser's history, and puts it
// into the form. A fragment is sent to nobody; without this script the code is pasted by hand.

const field = document.getElementById("join-invitation") ?? document.getElementById("feedback-slip");

function takeCode() {
  const code = window.location.hash.slice(1);
  if (!code || !field) {
    return;
  }
  field.value = code;
  for (const link of document.querySelectorAll("a[data-carries]")) {
    link.hash = code;
  }
  window.history.replaceState(null, "", window.location.pathname);
}

// A link that is opened again on this very page changes the fragment alone.
window.addEventListener("hashchange", takeCode);
takeCode();
