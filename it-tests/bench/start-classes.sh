#!/usr/bin/env bash
# Which of the agent's classes a start loads, in this order: of a plain server, of a plain client, with a directory as the registry
# and, if ETCD_ENDPOINT says where one runs, with etcd. Prints what agent/src/main/layers/start-classes.txt says, by which the jar is
# packed: those are stored in the jar, not compressed. Run it when a start has changed, build first, and look at the jar's size
# afterwards. Needs a JDK from 9 on. Usage: it-tests/bench/start-classes.sh [VERSION-OF-GRPC'S-CLASS-PATH] >start-classes.txt
set -eu
cd "$(dirname "$0")/../.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
agent=agent/target/mesh-agent.jar
path=$(ls it-tests/programs/target/mesh-agent-it-programs-*.jar | head -1):${1:-sample-greeter/target/greeter-server.jar}
work=$(mktemp -d)
pids=
end() {
  [ -z "$pids" ] || kill -9 $pids 2>/dev/null || true
  [ -z "$pids" ] || wait $pids 2>/dev/null || true
  pids=
}
trap 'end; rm -rf "$work"' EXIT
main=io.meshagent.it.programs
unzip -p $agent inst/layers.zip >"$work/layers.zip"
unzip -Z1 "$work/layers.zip" | sort >"$work/entries"

loaded() { # NAME LINE PROGRAM INPUT OPTION...: until the program says the line
  local name=$1 awaited=$2 program=$3 input=$4
  shift 4
  "$java" -Xlog:class+load:file="$work/$name":none "$@" -cp "$path" "$main.$program" <"$work/$input" >"$work/out-$name" 2>/dev/null &
  pids="$pids $!"
  until grep -q "^$awaited" "$work/out-$name"; do sleep 0.2; done
}
# Open for as long as this runs: a program whose input ends ends, too.
mkfifo "$work/alive" "$work/input"
exec 4<>"$work/alive" 5<>"$work/input"
starts() { # SUFFIX OPTION...
  local suffix=$1
  shift
  loaded "server$suffix" 'port ' FlakyServer alive -javaagent:$agent "$@" -Dmesh.admin.port=0
  port=$(sed -n 's/^port //p' "$work/out-server$suffix")
  echo "calls n=1 channel=target:localhost:$port" >&5
  loaded "client$suffix" 'done ' LoadClient input -javaagent:$agent "$@" -Dmesh.admin.port=0
  end
}
starts -local -Dmesh.registry.local.dir="$work/registry"
if [ -n "${ETCD_ENDPOINT:-}" ]; then starts -etcd -Dmesh.etcd.endpoints="$ETCD_ENDPOINT"; fi

echo '# What a start loads, in its order: written by it-tests/bench/start-classes.sh, and what no longer exists is passed by.'
for log in server-local client-local server-etcd client-etcd; do
  [ ! -e "$work/$log" ] || sed -nE 's/^([A-Za-z0-9_.$]+) source: .*/\1/p' "$work/$log"
done | tr . / | awk -v entries="$work/entries" '
  BEGIN { while ((getline name < entries) > 0) known[name] = 1 }
  {
    for (i = split("core/ grpc/", layers, " "); i > 0; i--) {
      name = layers[i] $0 ".class"
      if (name in known && !(name in said)) { said[name] = 1; print name }
    }
  }'
