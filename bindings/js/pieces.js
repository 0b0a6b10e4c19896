/** All pieces of a request, as an array; `take` gets each as it comes. */
export async function all(pieces, take) {
  const come = [];
  for await (const piece of pieces) {
    come.push(piece);
    await take?.(piece);
  }
  return come;
}
