import { type Call, finding, touches } from "../call.ts";
import type { Finding } from "../classification.ts";
import { given, has, type Parsed } from "../options.ts";
import type { Rule } from "../program.ts";
import { type Argument, after, leadOf, shown, textOf } from "../shell/argument.ts";

/** Where a cloud tells a machine its keys. */
const metadata =
  /^(?:https?:\/\/)?(?:169\.254\.169\.254|169\.254\.170\.2|100\.100\.100\.200|\[fd00:ec2::254\]|metadata(?:\.google\.internal)?|metadata\.azure\.internal)(?:[:/?#]|$)/i;

/** Nothing but this machine: no user name that looks like a host, no pattern that stands for several. */
const loopback = /^(?:https?:\/\/)?(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?(?:[/?#][^{}\\]*)?$/i;

const detours =
  "-x --proxy --preproxy --socks4 --socks4a --socks5 --socks5-hostname --resolve --connect-to --doh-url -K --config --interface";
const bodies =
  "-d --data --data-ascii --data-binary --data-raw --data-urlencode -F --form --form-string -T --upload-file --json";

/** `curl`: asking this machine for something changes nothing; everything else is the network. */
export const curls: Rule = (call, parsed) => {
  const addresses = [...parsed.operands, ...given(parsed, "--url").flatMap(({ value }) => value ?? [])];
  const sends = given(parsed, bodies);
  return [
    ...addressFindings(call, addresses, has(parsed, detours)),
    ...methodFindings(call, parsed),
    ...sends.flatMap(({ value }) =>
      value === undefined ? [] : sentFindings(call, value, addresses.every(isLoopback)),
    ),
    ...given(parsed, "-T --upload-file").flatMap(({ value }) =>
      value === undefined ? [] : fileSent(call, value, addresses.every(isLoopback)),
    ),
    ...given(parsed, "-w --write-out").flatMap(({ value }) => (value === undefined ? [] : formatFindings(call, value))),
    ...given(parsed, "-H --header --proxy-header -w --write-out").flatMap(({ value }) =>
      value !== undefined && leadOf(value).startsWith("@") ? touches(call, "read", after(value, 1)) : [],
    ),
    ...given(parsed, "-b --cookie").flatMap(({ value }) =>
      value === undefined || leadOf(value).includes("=") ? [] : touches(call, "read", value),
    ),
    ...(has(parsed, "-O --remote-name --remote-name-all -J --remote-header-name")
      ? [finding(call, "medium", ["write"], "writes a file of which the other side chooses the content")]
      : []),
  ];
};

/** `wget`: writes a file unless it is told not to. */
export const wgets: Rule = (call, parsed) => {
  const quiet =
    has(parsed, "--spider") ||
    given(parsed, "-O --output-document").some(({ value }) => value && /^(?:-|\/dev\/null)$/.test(textOf(value) ?? ""));
  const posts = given(parsed, "--post-data --post-file --body-data --body-file --method");
  return [
    ...addressFindings(call, parsed.operands, has(parsed, "-e --execute -i --input-file --config")),
    ...(quiet ? [] : [finding(call, "medium", ["write"], "writes a file of which the other side chooses the content")]),
    ...posts.map((option) => finding(call, "medium", ["network"], "sends data", option)),
    ...given(parsed, "--post-file --body-file").flatMap(({ value }) =>
      value === undefined ? [] : fileSent(call, value, parsed.operands.every(isLoopback)),
    ),
  ];
};

function isLoopback(address: Argument): boolean {
  // What follows the host may be a variable, as long as the host is written out with a slash behind it.
  const text = textOf(address);
  const lead = leadOf(address);
  return loopback.test(text ?? (/^(?:https?:\/\/)?[^/]+\//.test(lead) ? lead : ""));
}

function addressFindings(call: Call, addresses: readonly Argument[], detour: boolean): readonly Finding[] {
  if (detour)
    return [finding(call, "medium", ["network"], "takes a way to its address that the address does not tell")];
  return addresses.flatMap((address) => {
    const text = shown(address).replace(/\/\/[^/@]*@/, "//…@");
    if (/^file:/i.test(text)) return touches(call, "read", after(address, "file://".length));
    if (metadata.test(text))
      return [
        finding(call, "high", ["network", "secret"], `asks ${text}, where a cloud tells a machine its keys`, address),
      ];
    return isLoopback(address)
      ? []
      : [finding(call, "medium", ["network"], `asks ${text}, which is not this machine`, address)];
  });
}

function methodFindings(call: Call, parsed: Parsed): readonly Finding[] {
  const methods = given(parsed, "-X --request").filter(
    ({ value }) => !/^(?:GET|HEAD|OPTIONS)$/.test((value && textOf(value)) ?? ""),
  );
  return [...methods, ...given(parsed, bodies)].map((option) =>
    /^DELETE$/i.test((option.value && textOf(option.value)) ?? "")
      ? finding(call, "high", ["network", "delete"], "asks to delete something", option)
      : finding(call, "medium", ["network"], "sends a request that may change something", option),
  );
}

function sentFindings(call: Call, value: Argument, near: boolean): readonly Finding[] {
  const [, prefix] = /^([^@]*[@<])/.exec(leadOf(value)) ?? [];
  return prefix === undefined ? [] : fileSent(call, after(value, prefix.length), near);
}

/** A format can write files. */
function formatFindings(call: Call, value: Argument): readonly Finding[] {
  return /%output\{/.test(textOf(value) ?? "%output{")
    ? [finding(call, "high", ["write"], "writes a file that its format names", value)]
    : [];
}

function fileSent(call: Call, file: Argument, near: boolean): readonly Finding[] {
  const reads = textOf(file) === "-" ? [] : touches(call, "read", file);
  return near
    ? reads
    : [...reads, finding(call, "high", ["network", "secret"], `sends ${shown(file)} to another machine`, file)];
}
