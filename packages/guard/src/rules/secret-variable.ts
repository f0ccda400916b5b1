import type { Risk } from "@memomesh/core";
import type { Finding } from "../classification.ts";
import type { Piece, SimpleCommand } from "../shell/command.ts";

/** Names of variables that are secret; addresses of databases hold a password. */
export const secretName =
  /(?:PASSWORD|PASSWD|PASSPHRASE|_PASS|_PWD|SECRET|TOKEN|(?:API|PRIVATE|ACCESS|SECRET|SIGNING|ENCRYPTION|MASTER|ACCOUNT)_?KEY|CREDENTIALS?|_DSN|CONNECTION_STRING|(?:DATABASE|DB|POSTGRES|MYSQL|MONGO(?:DB)?|REDIS|AMQP|RABBITMQ)_UR[IL])$/i;

/** Variables of a command that are secrets by their names. To ask whether one is set is harmless. */
export function secretVariables({ words, start, end }: SimpleCommand, risk: Risk): readonly Finding[] {
  const [name] = words;
  const asks = name?.pieces.some((piece) => piece.kind === "text" && /^(?:test|\[\[?|:)$/.test(piece.text));
  const secrets = asks ? [] : words.flatMap((word) => namesIn(word.pieces));
  return secrets.map((secret) => ({
    text: `$${secret} is a secret by its name`,
    risk,
    effects: ["secret"],
    start,
    end,
  }));
}

function namesIn(pieces: readonly Piece[]): readonly string[] {
  return pieces.flatMap((piece) => {
    if (piece.kind === "variable") return secretName.test(piece.name) ? [piece.name] : [];
    return piece.kind === "choice" ? piece.of.flatMap(namesIn) : [];
  });
}
