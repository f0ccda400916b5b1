import { quoted, quotedList } from "../quote.ts";
import { nothingToDo, type Part } from "./plan.ts";
import type { Release } from "./release.ts";

const naturally = new Intl.Collator("en", { numeric: true });

/** Files in the order of the numbers in their names, `2` before `10`; the same files always come in the same order. */
function migrationOrder(files: readonly string[]): readonly string[] {
  return files.toSorted((a, b) => naturally.compare(a, b) || (a < b ? -1 : 1));
}

/**
 * The order of a release's migrations. Which tool runs them, and on which database, a memo does not say: a person does
 * both steps by hand, the backup first.
 *
 * @param folder mesh-relative path of the migrations
 * @param files their paths below it
 */
export function migrations(release: Release, folder: string, files: readonly string[]): Part {
  const { app, version, target } = release;
  const order = migrationOrder(files);
  const path = `services/${app}/migrations.md`;
  const list = order.map((file, index) => `${index + 1}. ${quoted(file, 200)}`).join("\n");
  return {
    ...nothingToDo,
    does: [`Migrates the data of ${app} in the order of \`${path}\`, after a backup and before the switch.`],
    files: {
      [path]: `# Migrations of ${app}, in order\n\nAs of ${version}, from \`${folder}\`. Those that have run already are left out.\n\n${list}\n`,
    },
    unknown: [
      `Which tool runs the migrations of ${app}, on which database, and which of them ${target.name} has already: a person does these steps by hand.`,
      ...orderProblems(order),
    ],
    rollback: [
      `A migration is not taken back by going back to the previous release. When its data does not fit, restore the backup that was made before.`,
    ],
    steps: [
      {
        phase: "migrate",
        title: `Back up the data of ${app}`,
        risk: "high",
        prose: `By hand. Make a backup of the data on ${target.name} with its own tool, and see that it can be restored, before anything below is done.`,
      },
      {
        phase: "migrate",
        title: `Run the migrations for ${version}`,
        risk: "high",
        files: [folder],
        prose: `By hand, with the project's own tool, in this order, without those that have run already. Stop at the first that fails, and restore the backup.\n\n${list}`,
      },
    ],
  };
}

function orderProblems(order: readonly string[]): string[] {
  const numbers = order.map((file) => /^\D*?(\d+)/.exec(file)?.[1]?.replace(/^0+(?=\d)/, ""));
  const without = order.filter((_, index) => numbers[index] === undefined);
  const twice = order.filter((_, index) => numbers[index] !== undefined && numbers.indexOf(numbers[index]) !== index);
  return [
    ...(without.length > 0 ? [`When ${quotedList(without)} have to run: their names hold no number.`] : []),
    ...(twice.length > 0 ? [`Which comes first where two have the same number: ${quotedList(twice)}.`] : []),
  ];
}
