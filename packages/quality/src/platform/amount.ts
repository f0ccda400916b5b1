const binary: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** Bytes as Compose writes them: 512m, 1.5gb, 1073741824. Undefined for what only running tells, such as `${MEMORY}`. */
export function composeBytes(text: string | undefined): number | undefined {
  const [, number, unit = "b"] = /^(\d+(?:\.\d+)?) ?(?:([bkmgt])(?:i?b)?)?$/i.exec(text?.trim() ?? "") ?? [];
  return number === undefined ? undefined : Number(number) * (binary[unit.toLowerCase()] ?? 1);
}

const suffixes: Readonly<Record<string, number>> = {
  ...{ "": 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 },
};

/** An amount as Kubernetes writes it: 500m, 64Gi, 1e9, 8. */
export function quantity(text: string | undefined): number | undefined {
  const [, number, suffix = ""] = /^(\d+(?:\.\d+)?(?:[eE]\d{1,2})?)([a-zA-Z]{0,2})$/.exec(text?.trim() ?? "") ?? [];
  const factor = suffixes[suffix];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

/** Bytes for a person: 8 GiB, 0.5 GiB, 48 MiB. */
export function bytesText(bytes: number): string {
  const [size, unit] = bytes >= 2 ** 28 ? [2 ** 30, "GiB"] : [2 ** 20, "MiB"];
  return `${Math.round((bytes / size) * 10) / 10} ${unit}`;
}
