#!/usr/bin/env bash
# What the agent costs a JVM that has nothing for it to see, and one that loads a model.
#
#   benchmarks/startup/run.sh [ROUNDS]
#
# JAVA_HOMES="/a /b" names the JDKs (default: the java on the path). Needs a build: mvn -DskipTests package.
# Rounds are interleaved; CPU is user + system of the whole process as bash's `time` reports it, memory
# is the peak resident set as the program finds it at its end (Linux only); medians are printed.
# hello: prints one line. first: loads a model, runs it once, stops dead. model: runs it 20 times, ends.
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${1:-15}
agent=$PWD/agent/dist/target/breakwater-agent.jar
libraries=$PWD/examples/scoring-server/target/scoring-server.jar
model=$PWD/examples/scoring-server/src/main/resources/io/breakwater/examples/scoring/california-housing-1.onnx
for needed in "$agent" "$libraries" "$model"; do
  [ -e "$needed" ] || { echo "missing: $needed (expected: mvn -DskipTests package before)" >&2; exit 2; }
done

work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
javac --release 11 -cp "$libraries" -d "$work" benchmarks/startup/*.java
printf 'Premain-Class: EmptyAgent\nCan-Retransform-Classes: true\nCan-Redefine-Classes: true\n' > "$work/manifest"
jar cfm "$work/empty.jar" "$work/manifest" -C "$work" EmptyAgent.class

# measure NAME COMMAND...: appends CPU in ms and what the program printed
measure() {
  local name=$1 printed
  shift
  TIMEFORMAT='%3U %3S'
  { time printed=$("$@" 2> "$work/err"); } 2> "$work/time"
  awk -v printed="$printed" '{ printf "%.0f %s\n", ($1 + $2) * 1000, printed }' "$work/time" >> "$work/$name"
}

column() { cut -d' ' -f"$1" "$2" | median; }
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

jdks=${JAVA_HOMES:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}
for round in $(seq "$rounds"); do
  number=0
  for home in $jdks; do
    number=$((number + 1))
    for agents in none empty breakwater; do
      case $agents in
        none) options= ;;
        empty) options=-javaagent:$work/empty.jar ;;
        *) options=-javaagent:$agent ;;
      esac
      measure "$number-hello-$agents" "$home/bin/java" $options -cp "$work" Hello
      measure "$number-first-$agents" "$home/bin/java" $options -cp "$work:$libraries" FirstAnswer "$model" 1
      measure "$number-model-$agents" "$home/bin/java" $options -cp "$work:$libraries" FirstAnswer "$model" 20
    done
  done
done

number=0
for home in $jdks; do
  number=$((number + 1))
  echo "$("$home/bin/java" -version 2>&1 | sed -n 2p), $rounds rounds"
  for agents in none empty breakwater; do
    printf '  %-10s' "$agents"
    for program in hello first model; do
      printf '   %s: %4.0f ms CPU %5.1f MiB' "$program" \
        "$(column 1 "$work/$number-$program-$agents")" "$(column 2 "$work/$number-$program-$agents")"
    done
    echo
  done
done
