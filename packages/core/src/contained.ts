import { fenceOf, parseTree, rangeOf } from "./tree.ts";

/**
 * A text made fit to stand below a heading: whatever it holds, it neither ends its section nor hides what follows.
 * Headings are escaped; a fence or a comment that it leaves open is closed.
 */
export function contained(text: string): string {
  const plain = text.replace(/\r\n?/g, "\n").trim();
  const { children } = parseTree(plain);
  const escapes = children.flatMap((child) => {
    if (child.type !== "heading") return [];
    const { start, end } = rangeOf(child);
    const underline = plain.lastIndexOf("\n", end - 1) + 1;
    return [plain[start] === "#" ? start : underline];
  });
  const escaped = escapes.reduceRight((result, at) => `${result.slice(0, at)}\\${result.slice(at)}`, plain);
  return escaped + closingOf(plain);
}

/** What has to follow a text so that the next line is Markdown again; "" for most texts. */
export function closingOf(markdown: string): string {
  const last = parseTree(markdown).children.at(-1);
  if (last?.type === "code") {
    const fence = fenceOf(last, markdown);
    return fence === undefined || fence.closed ? "" : `\n${fence.marks}`;
  }
  const open = last?.type === "html" && last.value.startsWith("<!--") && !last.value.includes("-->");
  return open ? " -->" : "";
}
