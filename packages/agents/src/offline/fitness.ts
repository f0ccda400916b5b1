// What ends up in file names, YAML and shell text is made of listed characters only. Core has refused the worst when it
// read a memo; these rules are what the text producers of this folder rely on, wherever a fact came from.

interface Rule {
  readonly pattern: RegExp;
  readonly expected: string;
}

export const rules = {
  app: {
    pattern: /^[a-z](?:[a-z0-9-]{0,48}[a-z0-9])?$/,
    expected: "a name of lower-case letters, digits and dashes, such as `shop`",
  },
  version: {
    pattern: /^[0-9A-Za-z](?:[0-9A-Za-z._+-]{0,62}[0-9A-Za-z])?$/,
    expected: "a version such as `1.4.2`",
  },
  domain: {
    pattern: /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i,
    expected: "a domain such as `shop.example.com`",
  },
  image: {
    pattern:
      /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
    expected: "a pinned image such as `registry.example.com/shop:1.4.2`",
  },
  path: {
    pattern: /^(?!\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))[A-Za-z0-9_@+.,=](?:[A-Za-z0-9_@+.,=/ -]{0,298}[A-Za-z0-9_@+.,=-])?$/,
    expected: "a path below the project's folder, such as `dist`",
  },
  meshPath: {
    pattern:
      /^(?:\.\.\/)*(?!\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))[A-Za-z0-9_@+.,=](?:[A-Za-z0-9_@+.,=/ -]{0,298}[A-Za-z0-9_@+.,=-])?$/,
    expected: "a path relative to the mesh's root, such as `projects/developer/dist`",
  },
  env: { pattern: /^[A-Za-z_][A-Za-z0-9_]{0,127}$/, expected: "names of variables such as `DATABASE_URL`" },
  need: { pattern: /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/, expected: "names of services such as `postgres`" },
  memory: { pattern: /^[1-9][0-9]{0,5}(?:[bkmg]|[kmg]i?b?)?$/i, expected: "an amount such as `256M`" },
  // Within single quotes of a shell nothing but a single quote means anything; that one is not in the list.
  address: {
    pattern: /^https?:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~/?&=%+:@,-]*)?$/,
    expected: "an address such as `http://127.0.0.1:8080/healthz`",
  },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

export function fits(rule: RuleName, text: string): boolean {
  return rules[rule].pattern.test(text);
}
