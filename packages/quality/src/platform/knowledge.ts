import type { FactFigures } from "@memomesh/core";
import type { KnownFact, KnownPlatform } from "../subject.ts";

/** Something that would have been compared with a fact, and why it was not. */
export interface Uncompared {
  readonly what: string;
  readonly reason: string;
}

/** The facts that hold at one place, and what was asked of them. */
export class Knowledge {
  /** Name of the target; undefined: nobody has said where it goes. */
  readonly target: string | undefined;
  readonly #platform: KnownPlatform | undefined;
  readonly #uncompared = new Map<string, Uncompared>();
  compared = 0;

  constructor(platform: KnownPlatform | undefined, target: string | undefined) {
    this.#platform = platform;
    this.target = target;
  }

  get uncompared(): readonly Uncompared[] {
    return [...this.#uncompared.values()];
  }

  /**
   * The facts that have this figure and still hold, counted as a comparison; without one it is told why there is none.
   *
   * @param what the name of what is asked for, for a person
   */
  ask(figure: keyof FactFigures, what: string): readonly KnownFact[] {
    const { fresh, old } = this.facts(figure, this.target);
    if (fresh.length > 0) this.compared += 1;
    else this.miss(figure, what, this.target, old);
    return fresh;
  }

  /** Those of the target; of a cluster, which is reached from anywhere, and when no target is told, those of all places. */
  facts(figure: keyof FactFigures, target: string | undefined): { fresh: readonly KnownFact[]; old?: KnownFact } {
    const { facts, here } = this.#platform ?? { facts: [], here: [] };
    const having = facts.filter(({ figures }) => figures[figure] !== undefined);
    const own = having.filter(
      ({ from }) => from === target || (from === "here" && target !== undefined && here.includes(target)),
    );
    const all = target === undefined || (ofCluster.has(figure) && own.length === 0) ? having : own;
    const [old] = all.filter(({ stale }) => stale);
    return { fresh: all.filter(({ stale }) => !stale), ...(old === undefined ? {} : { old }) };
  }

  miss(figure: keyof FactFigures, what: string, target: string | undefined, old: KnownFact | undefined): void {
    if (this.#platform === undefined) return;
    const where = target === undefined || ofCluster.has(figure) ? "" : ` for ${target}`;
    const reason = old === undefined ? `no fact tells it${where}` : `${knownBy(old)} is stale`;
    this.#uncompared.set(what, { what, reason });
  }
}

const ofCluster: ReadonlySet<keyof FactFigures> = new Set(["nodes", "storage"]);

/** As a person finds it again: its date stays the same while others are looked at. */
export function knownBy({ name, at }: KnownFact): string {
  return `fact ${name} of ${at.slice(0, 16).replace("T", " ")}`;
}

export function hasWhere({ from }: KnownFact): string {
  return from === "here" ? "this machine" : from;
}

/** The disk on which a folder lies, as far as a fact tells it. */
export function diskAt({ figures }: KnownFact, folder: string): NonNullable<FactFigures["disks"]>[number] | undefined {
  const holding = (figures.disks ?? []).filter(({ mount }) => mount === "/" || `${folder}/`.startsWith(`${mount}/`));
  return holding.toSorted((a, b) => b.mount.length - a.mount.length)[0];
}
