/**
 * Standard input as text. What is longer than a hook's input can be is cut, and then is no JSON any more.
 *
 * @param most bytes
 */
export async function readInput(most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) break;
  }
  return Buffer.concat(chunks).subarray(0, most).toString("utf8");
}
