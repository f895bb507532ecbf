// Long work in short slices, so that whoever types or scrolls meanwhile never waits for it.

const SLICE_MILLISECONDS = 10;
let beganAt = performance.now();

// Gives the page a turn once a slice is over.
export async function breathe() {
  if (performance.now() - beganAt < SLICE_MILLISECONDS) return;
  await new Promise((resolve) => { setTimeout(resolve); });
  beganAt = performance.now();
}
