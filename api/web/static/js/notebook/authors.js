// Whose words something are. Of keys that we do not hold, the service alone can say that they were ours; it cannot say so
// of what we know as another's.

// The person by whose key an entry is signed, or null where we know of none.
export function personWho({ author }, shown, circle) {
  const other = circle.personOf(author);
  if (other !== null) return other;
  const mine = [...shown.participants, ...shown.furtherReaders].filter((each) => each.person === circle.myPerson);
  const isMine = circle.mine(author) !== undefined || mine.some((each) => each.publicKeys.some((key) => key.keyId === author));
  return isMine ? circle.myPerson : null;
}
