#!/usr/bin/env bash
# get-jdks.sh DIR [VERSION...]: puts JREs (default: 8) under DIR/j8 and so on, from Debian's own packages, without
# installing anything and without root. Does nothing for what is there already.
set -eu
[ $# -ge 1 ] || { echo "usage: get-jdks.sh DIR [8|11|17|21|25 ...]" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd "$1" && pwd)
shift
[ $# -ge 1 ] || set -- 8

missing=()
for v in "$@"; do
  [ -x "$dir/j$v/bin/java" ] || missing+=("$v")
done
[ ${#missing[@]} -gt 0 ] || exit 0
command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
  { echo "no apt-get and dpkg here: only Debian's packages are known to this script" >&2; exit 1; }

# No one release of Debian has all of them.
suite_of() {
  case $1 in
    8) echo sid ;;
    11) echo bullseye ;;
    17) echo bookworm ;;
    21 | 25) echo trixie ;;
    *) echo "no package known for Java $1" >&2; exit 1 ;;
  esac
}

# A package list of our own, for the suites that are wanted, from the mirror that this machine uses.
mkdir -p "$dir/debs" "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial"
mirror=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null |
  grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ') || true
key=/usr/share/keyrings/debian-archive-keyring.gpg
: >"$dir/apt/sources.list"
for s in sid trixie bookworm bullseye; do
  for v in "${missing[@]}"; do
    # The C library beside them comes from trixie.
    if [ "$(suite_of "$v")" = "$s" ] || [ "$s" = trixie ]; then
      echo "deb [signed-by=$key] ${mirror:-http://deb.debian.org/debian} $s main" >>"$dir/apt/sources.list"
      break
    fi
  done
done
apt_options=(-o "Dir::Etc::sourcelist=$dir/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
  -o "Dir::State::Lists=$dir/apt/lists" -o "Dir::Cache=$dir/apt/cache" -o APT::Sandbox::User=root
  # Images of Debian keep no index of the lists; to read them anew for each question takes seconds of processor time.
  -o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin)
apt-get "${apt_options[@]}" update >"$dir/apt/update.log" 2>&1 ||
  { tail -n 3 "$dir/apt/update.log" >&2; exit 1; }

# get PACKAGE SUITE: the newest of that suite, unpacked into DIR/PACKAGE
get() {
  [ -e "$dir/$1/.done" ] && return
  local version
  version=$(apt-cache "${apt_options[@]}" madison "$1" | awk -F'|' -v s="$2/main" 'index($3, s) {gsub(/ /, "", $2); print $2}' |
    sort -V | tail -n 1)
  [ -n "$version" ] || { echo "Debian's $2 has no $1 for this machine" >&2; exit 1; }
  (cd "$dir/debs" && apt-get "${apt_options[@]}" download "$1=$version" >/dev/null)
  rm -rf "${dir:?}/$1"
  mkdir "$dir/$1"
  dpkg -x "$dir"/debs/"$1"_*.deb "$dir/$1"
  rm "$dir"/debs/"$1"_*.deb
  touch "$dir/$1/.done"
}

# Configuration files are links into /etc of a system where the package is installed: into the unpacked tree instead.
relink() {
  find "$1" -type l | while read -r link; do
    to=$(readlink "$link")
    if [ "${to#/}" != "$to" ] && [ -e "$1$to" ]; then
      ln -sfn "$(realpath --relative-to="$(dirname "$link")" "$1$to")" "$link"
    fi
  done
}

for v in "${missing[@]}"; do
  package=openjdk-$v-jre-headless
  get "$package" "$(suite_of "$v")"
  relink "$dir/$package"
  java=$(find "$dir/$package" -path '*/bin/java' -type f | head -n 1)
  if ! "$java" -version >/dev/null 2>&1; then
    # Built for a newer C library than this system's: run with the one unpacked beside it. An RPATH in the programs
    # rather than a variable, so that what they start keeps the system's.
    for lib in libc6 zlib1g libgcc-s1 libstdc++6; do
      get "$lib" trixie
    done
    get patchelf trixie
    libs=
    for lib in libc6 zlib1g libgcc-s1 libstdc++6; do
      libs=$libs${libs:+:}$dir/$lib/usr/lib/$(uname -m)-linux-gnu
    done
    loader=$(find "$dir/libc6" -name 'ld-linux-*' | head -n 1)
    patchelf=("$loader" --library-path "$libs" "$dir/patchelf/usr/bin/patchelf")
    find "$dir/$package" \( -path '*/bin/java' -o -name jspawnhelper \) -type f | while read -r program; do
      own=$("${patchelf[@]}" --print-rpath "$program")
      "${patchelf[@]}" --set-interpreter "$loader" --force-rpath --set-rpath "$own:$libs" "$program"
    done
  fi
  "$java" -version 2>&1 | head -n 1
  ln -sfn "${java%/bin/java}" "$dir/j$v"
done
