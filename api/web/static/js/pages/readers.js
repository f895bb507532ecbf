// Who reads what is shared, and the end of somebody's reading: one's own, or, by the mentee, another's.

import { askedTwice, byId, make, show } from "./elements.js";

// `people` are [{person, name, words, mayEnd}]; `end` is handed one of them.
export function listReaders(people, end) {
  show("reading", people.some((each) => each.mayEnd));
  byId("readers").replaceChildren(...people.map((each) => itemOf(each, end)));
}

function itemOf(reader, end) {
  const item = make("li", {}, make("strong", { textContent: reader.name }));
  if (reader.words) item.append(make("span", { className: "outcome", textContent: `Their words: ${reader.words}` }));
  if (reader.mayEnd) {
    const [words, question] = reader.isMe
      ? ["Stop reading", "Give up reading what is shared here, for good?"]
      : ["End their reading", "Take what is shared here away from them, for good?"];
    item.append(askedTwice(words, { question, yes: "Yes, end it", act: () => end(reader) }));
  }
  return item;
}
