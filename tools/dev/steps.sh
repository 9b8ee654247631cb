# Shared by the scripts of this folder: timed steps with a log, and the paths of
# the cache. Source it with $script set to the name of the log.
#
# Part of nncc, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# shellcheck shell=bash disable=SC2034

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/nncc
onnx_prefix=$cache/onnx-1.23.2
onnx_fuzz_prefix=$onnx_prefix-fuzz # the same with sanitizers, for fuzz-importer
python=$cache/venv/bin/python
build=$root/build

# ccache must accept compiles that use a precompiled header.
export CCACHE_SLOPPINESS=pch_defines,time_macros
# Where a compiler runs matters only to line tables, which nobody steps through here.
export CCACHE_NOHASHDIR=true

# A script called by another one writes on into its caller's log.
if [ -z "${NNCC_LOG:-}" ]; then
  mkdir -p "$build/logs"
  export NNCC_LOG=$build/logs/${script:?}.log
  : > "$NNCC_LOG"
  echo "log: $NNCC_LOG"
fi

fail() {
  printf '%s: %s\n' "$script" "$1" >&2
  exit 1
}

# ticker TITLE: what a running step shows. On a terminal one line that follows
# the log, elsewhere a line a minute so that nobody takes the step for dead.
ticker() {
  local elapsed=0 last
  while sleep 1; do
    elapsed=$((elapsed + 1))
    last=$(tail -c 400 "$NNCC_LOG" | tr '\r' '\n' | LC_ALL=C tr -cd '\n -~' |
      grep -v '^ *$' | tail -n 1 | cut -c 1-32)
    if [ -t 1 ]; then
      printf '\r\033[K  %-34s %4d s  %s' "$1" "$elapsed" "$last"
    elif [ $((elapsed % 60)) -eq 0 ]; then
      printf '  %-34s %4d s  %s\n' "$1" "$elapsed" "$last"
    fi
  done
}

# step TITLE COMMAND...: runs the command with its output in the log, then prints
# the title and the time it took, or the end of the log if the command failed.
step() {
  local title=$1 begin=$SECONDS status=0
  shift
  printf '== %s: %s\n' "$title" "$*" >> "$NNCC_LOG"
  ticker "$title" &
  ticking=$!
  trap 'kill $ticking 2> /dev/null' EXIT
  "$@" >> "$NNCC_LOG" 2>&1 < /dev/null || status=$?
  kill $ticking 2> /dev/null || true
  wait $ticking 2> /dev/null || true # its status is that of the kill
  trap - EXIT
  if [ -t 1 ]; then
    printf '\r\033[K'
  fi
  if [ $status -ne 0 ]; then
    printf '  %-34s failed after %d s; the end of the log:\n' "$title" $((SECONDS - begin))
    tail -n 40 "$NNCC_LOG" | sed 's/^/    /'
    fail "step '$title' failed, the whole log is $NNCC_LOG"
  fi
  printf '  %-34s %4d s\n' "$title" $((SECONDS - begin))
}

# configure_and_build TARGET...: the `dev` preset, with this cache's paths.
configure_and_build() {
  step "configure" cmake -S "$root" --preset dev \
    -DCMAKE_PREFIX_PATH="$onnx_prefix" -DPython3_EXECUTABLE="$python"
  step "build" ninja -C "$build" "$@"
}
