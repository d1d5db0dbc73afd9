#!/bin/bash
# Builds the runner's own runtime: a small JVM, the runner's jar and an AOT cache that halves its start.
#   build-runtime.sh <cleanroom-runner.jar | target/classes> <outdir>
# <outdir> is what a sandbox sees as /opt/runner: bin/java, lib/runner.jar, lib/runner.aot. Done again only when the jar or
# the JDK has changed; running sandboxes keep the old one,
# which stays as <outdir>.old until the next time.
set -euo pipefail
input=$(realpath "$1") out=$(realpath -m "$2") self=$(realpath "$0")
java_home=${JAVA_HOME:?JAVA_HOME must name a JDK 25}
work=$(mktemp -d)
rehearsal=
trap 'kill $rehearsal 2>/dev/null || true; rm -rf "$work"' EXIT

# The same bytes for the same classes: the stamp below compares them.
mkdir -p "$work/classes/dev/cleanroom"
if [ -d "$input" ]; then
    cp -r "$input/dev/cleanroom/runner" "$work/classes/dev/cleanroom/"
else
    (cd "$work/classes" && "$java_home/bin/jar" --extract --file "$input" dev/cleanroom/runner)
fi
stamp=$( (cd "$work/classes" && find . -type f | sort | xargs sha256sum; "$java_home/bin/java" -version 2>&1; cat "$self") | sha256sum | cut -d' ' -f1)
if [ -f "$out/stamp" ] && [ "$(cat "$out/stamp")" = "$stamp" ]; then
    exit 0
fi

# Beside its final place, under its final name but for the last part: one rename puts it there.
mkdir -p "$(dirname "$out")"
next=$out.next.$$
rm -rf "$next"
"$java_home/bin/jlink" --add-modules java.base --strip-debug --no-header-files --no-man-pages --output "$next"
"$java_home/bin/jar" --create --no-manifest --date=2026-01-01T00:00:00Z --file "$next/lib/runner.jar" -C "$work/classes" dev

# The flags that dev.cleanroom.sandbox.RunnerCommand starts it with: other ones would leave the cache unused.
flags=(-Xlog:disable -Xlog:all=warning:stderr -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss256k -XX:-UsePerfData -Xmx32m
    --enable-native-access=ALL-UNNAMED)
mkdir -p "$work/workspace"
runner=(-cp "$next/lib/runner.jar" dev.cleanroom.runner.RunnerMain dial "$work/socket" --root "$work/workspace" --spool "$work" --egress-port 0)
export LANG=C.UTF-8
timeout 60 "$java_home/bin/java" -cp "$work/classes" --enable-native-access=ALL-UNNAMED dev.cleanroom.runner.Rehearsal "$work/socket" &
rehearsal=$!
timeout 60 "$next/bin/java" "${flags[@]}" -XX:AOTMode=record -XX:AOTConfiguration="$work/runner.conf" \
    "${runner[@]}" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
wait "$rehearsal"
timeout 120 "$next/bin/java" "${flags[@]}" -XX:AOTMode=create -XX:AOTConfiguration="$work/runner.conf" \
    -XX:AOTCache="$next/lib/runner.aot" "${runner[@]}" </dev/null >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
echo "$stamp" >"$next/stamp"
chmod -R a+rX "$next"

rm -rf "$out.old"
[ ! -e "$out" ] || mv "$out" "$out.old"
mv "$next" "$out"
