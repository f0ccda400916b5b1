import { classifyCommand } from "@memomesh/guard";
import type { Figure } from "./figure.ts";
import { median } from "./numbers.ts";

const rounds = 300;

/** Thirty lines as people write them: variables, substitutions, a loop, a pipeline, a here-document, a check. */
const step = (round: number): string => `
set -eu
release="releases/1.4.${round}"
artifact="$MESH/projects/developer/site/dist"
test -n "$(ls -A "$artifact")" || { echo "nothing was built" >&2; exit 1; }
mkdir -p "$SITE/$release"
cp -R "$artifact/." "$SITE/$release"
for page in index.html about.html "errors/404.html"; do
  if [ ! -f "$SITE/$release/$page" ]; then
    echo "there is no $page" >&2
    exit 1
  fi
done
find "$SITE/$release" -type f -name '*.map' -print0 | xargs -0 ls -l
(cd "$SITE/$release" && sha256sum index.html about.html > SHA256SUMS)
cat > "$SITE/$release/release.json" <<EOF
{ "app": "shop", "version": "1.4.${round}", "made": "$(date -u +%FT%TZ)" }
EOF
previous="$(readlink "$SITE/current" || true)"
if [ -n "$previous" ] && [ "$previous" != "$release" ]; then
  ln -sfn "$previous" "$SITE/previous"
fi
ln -sfn "$release" "$SITE/current.next"
mv -fT "$SITE/current.next" "$SITE/current"
for attempt in 1 2 3 4 5; do
  curl -fsS --max-time 5 http://127.0.0.1:8080/healthz && break
  sleep 1
done
du -sk "$SITE/$release" | awk '{ print $1 " KiB" }'
ls -1d "$SITE"/releases/*/ | sort | head -n -5
`;

/** How long a person's screen, or an agent, waits for the guard's opinion on one step. */
export const classification: Figure = {
  async measure() {
    const times: number[] = [];
    // A text is remembered by the second parser, so that no two are the same; the first ones warm it up.
    for (let round = 0; round < rounds; round += 1) {
      const text = step(round);
      const begin = performance.now();
      const { readable } = classifyCommand(text);
      times.push(performance.now() - begin);
      if (!readable) throw new Error("the guard cannot read the step of its own measurement");
    }
    const value = median(times.slice(rounds / 3));
    return [{ what: "a step of 30 lines is classified, warm", measured: { value, unit: "ms" }, wanted: { atMost: 5 } }];
  },
};
