import { fixedText, type SimpleCommand } from "../shell/command.ts";

const fetching = new Set([
  "curl",
  "wget",
  "nc",
  "ncat",
  "netcat",
  "socat",
  "telnet",
  "ftp",
  "sftp",
  "scp",
  "ssh",
  "aria2c",
  "http",
  "https",
  "fetch",
  "lynx",
  "w3m",
  "dig",
  "nslookup",
  "openssl",
]);
const decoding = new Set([
  "base64",
  "base32",
  "basenc",
  "xxd",
  "od",
  "uudecode",
  "openssl",
  "gpg",
  "rev",
  "tr",
  "gunzip",
  "zcat",
  "gzip",
  "bunzip2",
  "bzcat",
  "xzcat",
  "unxz",
  "zstdcat",
  "hexdump",
  "awk",
  "sed",
  "perl",
  "python",
  "python3",
  "ruby",
  "php",
]);

/** What the output of commands is made of, seen from the names in them: good enough to say why it is worse. */
export function originOf(commands: readonly SimpleCommand[]): "network" | "encoded" | "other" {
  const all = withSources(commands);
  const names = all.flatMap(({ words }) => words.flatMap((word) => fixedText(word)?.replace(/^.*\//, "") ?? []));
  const connects = all.some(({ redirects }) =>
    redirects.some(({ target }) => /^\/dev\/(?:tcp|udp)\//.test(fixedText(target) ?? "")),
  );
  if (connects || names.some((name) => fetching.has(name))) return "network";
  return names.some((name) => decoding.has(name)) ? "encoded" : "other";
}

/** The commands, and those that write what they read. */
function withSources(commands: readonly SimpleCommand[]): readonly SimpleCommand[] {
  const all = new Set(commands);
  for (const { input } of all) if (input.kind === "pipe") for (const each of input.from) all.add(each);
  return [...all];
}
