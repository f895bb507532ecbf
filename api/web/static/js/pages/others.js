// The others with whom words are to be compared, and whether they were.

import { byId, make, show } from "./elements.js";

// `others` are [{words, compared, part}].
export function listOthers(others, nameOf) {
  show("nobody-else", others.length === 0);
  byId("others").replaceChildren(...others.map((each) => make("li", {},
    make("strong", { textContent: capitalised(nameOf(each)) }),
    make("p", { className: "their-words", textContent: each.words }),
    make("span", { className: "outcome", textContent: each.compared ? "You have compared these words." : "Not compared yet." }))));
}

function capitalised(words) {
  return words[0].toUpperCase() + words.slice(1);
}
