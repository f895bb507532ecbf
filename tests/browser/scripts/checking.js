// What every run of vectors shares: each case is tried, and what went otherwise is answered by its name.

export async function forEach(all, check) {
  const wrong = {};
  for (const [at, each] of all.entries()) {
    try {
      await check(each);
    } catch (error) {
      wrong[each.name ?? at] = String(error);
    }
  }
  return { count: all.length, wrong };
}

export function same(one, other) {
  if (one !== other) throw new Error(`${one} is not ${other}`);
}

// Runs what must be refused by the name that the case gives; answers the error.
export async function refused(each, act) {
  const error = await Promise.resolve().then(act).then(() => null, (reason) => reason);
  same(error?.name ?? "nothing", each.error);
  return error;
}

// Randomness that gives what a vector recorded.
export function replayed(recorded) {
  let left = recorded;
  const draw = (count) => {
    const given = left.slice(0, count);
    left = left.slice(count);
    return given;
  };
  draw.left = () => left.length;
  return draw;
}
