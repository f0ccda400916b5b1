import type { OptionRule, Program, ProgramTable } from "../program.ts";
import { every } from "../rules/every.ts";
import { startsAnything, startsElsewhere } from "../rules/launch.ts";
import { mentions } from "../rules/mention.ts";
import { live, otherRights, starts, tells, tellsSettings } from "./live.ts";
import { writesFile } from "./usual-options.ts";

const containerValued =
  "-a -c -e -h -l -m -p -u -v -w --add-host --attach --cap-add --cap-drop --cpus --device --dns --entrypoint --env --env-file --expose --gpus --hostname --ip --label --log-driver --log-opt --memory --mount --name --net --network --pid --platform --publish --pull --restart --security-opt --shm-size --tmpfs --ulimit --user --userns --volume --volumes-from --workdir --detach-keys";

const hostMounts = mentions(
  /^(?:--mount=)?(?:[^=,]+=[^,]*,)*(?:src|source)=\/(?:,.*)?$|^(?:--volume=|-v)?(?:\/|\/etc|\/root|\/home|\/var\/run\/docker\.sock|\/run\/docker\.sock):|^--privileged(?:=true)?$|^--(?:pid|userns|ipc|uts)=host$|^--cap-add=(?:ALL|SYS_ADMIN)$/i,
  "critical",
  ["privilege", "live-infrastructure"],
  "gives a container the whole machine",
);

const startsContainer: Program = {
  ...starts,
  strict: true,
  valued: containerValued,
  rule: every(startsElsewhere(1), hostMounts),
};

const deletesVolumes: OptionRule = {
  risk: "critical",
  effects: ["data", "delete"],
  does: "deletes the data of the containers",
};

const imagesTold: Program = {
  ...tells,
  valued: "-f --filter --format",
  allowed: "-a -q -s --all --quiet --no-trunc --digests --size --tree --human",
};

const composeTells: Program = {
  ...tells,
  valued: "-n --tail --since --until --filter --format --status",
  allowed: "-a -f -q -t --all --follow --quiet --services --timestamps --no-color --no-log-prefix --no-trunc --orphans",
};

const compose: Program = {
  ...live,
  valued: "-f --file -p --project-name --profile --env-file --project-directory --ansi --parallel",
  commands: {
    "exec run": { ...starts, strict: true, valued: containerValued, rule: startsElsewhere(1) },
    down: {
      ...live,
      options: {
        "-v --volumes --rmi": deletesVolumes,
      },
    },
    rm: {
      ...live,
      options: { "-v": deletesVolumes },
    },
    "ps ls images top port logs": composeTells,
    "config version": {
      risk: "medium",
      effects: ["read"],
      does: "reads a description of containers",
      options: { "-o --output": writesFile },
    },
  },
};

/** Containers and machines that are files. */
export const containers: ProgramTable = {
  "docker podman nerdctl": {
    ...live,
    valued: "-H -c -l --host --context --config --log-level --tlscacert --tlscert --tlskey",
    options: { "--config": otherRights },
    commands: {
      "ps images logs stats top port version info diff history": {
        ...tells,
        valued: "-f -n --filter --format --tail --since --until --last",
        allowed:
          "-a -q -s -t -l --all --quiet --size --latest --no-trunc --digests --follow --timestamps --details --no-stream --human",
      },
      inspect: { ...tellsSettings, valued: "-f --format --type", allowed: "-s --size" },
      "exec run create": startsContainer,
      image: { ...live, commands: { "ls list history": imagesTold } },
      network: { ...live, commands: { "ls list": imagesTold } },
      container: {
        ...live,
        commands: {
          "ls list ps": imagesTold,
          "exec run create": startsContainer,
        },
      },
      "volume system": {
        ...live,
        rule: mentions(/^(?:rm|remove|prune|reset)$/, "critical", ["data", "delete"], "deletes data of containers"),
      },
      rm: {
        ...live,
        options: {
          "-v --volumes": deletesVolumes,
        },
      },
      compose,
    },
    examples: {
      "docker ps": "medium",
      "docker logs --tail 50 web": "medium",
      "docker inspect web": "medium",
      "docker --config ./x ps": "high",
      "docker compose ps": "medium",
      "docker compose up -d": "high",
      "docker compose -f compose.yaml config -q": "medium",
      "docker compose down -v": "critical",
      "docker exec web rm -rf /": "critical",
      "docker exec -it -u root web sh -c 'ls'": "high",
      "docker run -v /:/host alpine": "critical",
      "docker run --mount type=bind,src=/,dst=/h alpine": "critical",
      "docker run --privileged alpine": "critical",
      "docker volume rm data": "critical",
      "docker system prune -af --volumes": "critical",
    },
  },
  "docker-compose podman-compose": {
    ...compose,
    examples: {
      "docker-compose up -d": "high",
      "docker-compose down --volumes": "critical",
      "docker-compose config -q": "medium",
    },
  },
  "buildah skopeo crane ctr crictl lxc lxd incus virsh qm pct virt-install VBoxManage multipass limactl": {
    ...live,
    commands: { "list ps": imagesTold },
    rule: every(
      startsAnything,
      mentions(
        /^(?:destroy|delete|undefine|rm|purge)$/,
        "critical",
        ["data", "delete"],
        "destroys a machine or an image",
      ),
    ),
    examples: {
      "lxc list": "medium",
      "virsh list --all": "medium",
      "virsh -c qemu+ssh://x.example/system list": "high",
      "ctr images pull x": "high",
      "virsh destroy x": "critical",
    },
  },
};
