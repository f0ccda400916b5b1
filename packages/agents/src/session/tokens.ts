/** How many bytes of UTF-8 vendors' tokenizers take for one token, about. */
const bytesPerToken = 3.5;

/**
 * How many tokens a text has, estimated: its bytes in UTF-8 divided by 3.5. Vendors count differently, and none of them
 * offline. As a rule English prose has about 4 bytes a token, code and names about 3, Chinese and Japanese 2 to 4, so
 * that the true figure mostly lies between a quarter below and a third above. It is for budgets, not for bills.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** The beginning of a text, and of its end, that together have at most so many tokens; whole lines where there are some. */
export function shortened(
  text: string,
  tokens: number,
  keep: "beginning" | "both ends",
): { text: string; lost: number } {
  const bytes = Buffer.from(text);
  const most = Math.max(0, Math.floor(tokens * bytesPerToken));
  if (bytes.length <= most) return { text, lost: 0 };
  const headBytes = keep === "beginning" ? most : Math.floor(most * 0.7);
  const head = wholeLines(
    bytes
      .subarray(0, headBytes)
      .toString("utf8")
      .replace(/\uFFFD+$/, ""),
    "end",
  );
  const tail = keep === "beginning" ? "" : wholeLines(lastBytes(bytes, most - headBytes), "beginning");
  const lost = estimateTokens(text) - estimateTokens(head) - estimateTokens(tail);
  return { text: `${head}\n[about ${lost} tokens are left out here]\n${tail}`, lost };
}

function lastBytes(bytes: Buffer, count: number): string {
  return count === 0
    ? ""
    : bytes
        .subarray(-count)
        .toString("utf8")
        .replace(/^\uFFFD+/, "");
}

/** Without the line that was cut, unless it is most of the text. */
function wholeLines(text: string, cut: "beginning" | "end"): string {
  const at = cut === "end" ? text.lastIndexOf("\n") : text.indexOf("\n") + 1;
  if (at <= 0 || (cut === "end" ? at < text.length / 2 : at > text.length / 2)) return text;
  return cut === "end" ? text.slice(0, at) : text.slice(at);
}
