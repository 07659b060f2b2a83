# shellcheck shell=sh
# Sourced by ./demo, ./verify and .ci/run: finds a JDK 17+ and Maven 3.8+, or installs them.

say() {
  printf '%s\n' "$*"
}

# As root, or through sudo where that asks no password.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

may_install() {
  command -v apt-get >/dev/null 2>&1 && as_root true
}

apt_install() {
  say "installing $* with apt-get ..."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 ||
    { as_root apt-get update -q >/dev/null 2>&1 &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null; }
}

# The feature release of the JDK in a folder: 17, 21, ... Nothing where there is none.
jdk_release() {
  [ -x "$1/bin/javac" ] || return 0
  "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9][0-9]*\).*/\1/p'
}

# Sets JAVA_HOME to a JDK 17 or newer: the one that is set, else the one on the path, else any.
find_jdk() {
  on_path=
  if command -v javac >/dev/null 2>&1; then
    on_path=$(javac -J-XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
  fi
  for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$home" ] || continue
    release=$(jdk_release "$home")
    if [ "${release:-0}" -ge 17 ]; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  done
  return 1
}

maven_is_new_enough() {
  command -v mvn >/dev/null 2>&1 || return 1
  version=$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
  [ -n "$version" ] || return 1
  major=${version% *}
  minor=${version#* }
  [ "$major" -gt 3 ] || { [ "$major" -eq 3 ] && [ "$minor" -ge 8 ]; }
}

# The newest JDK package of this system that is 17 or newer and known to suit: nothing when there is none.
jdk_package() {
  for release in 17 21 25; do
    if apt-cache show "openjdk-$release-jdk-headless" >/dev/null 2>&1; then
      say "openjdk-$release-jdk-headless"
      return
    fi
  done
}

# Makes JAVA_HOME and mvn usable, or ends with a line that says how to.
require_build_tools() {
  if ! find_jdk && may_install; then
    [ -n "$(jdk_package)" ] || as_root apt-get update -q >/dev/null 2>&1
    apt_install "$(jdk_package)" || true
  fi
  if ! find_jdk; then
    say "$1: needs a JDK 17 or newer; install one (Debian, Ubuntu: sudo apt-get install openjdk-17-jdk-headless) or set JAVA_HOME" >&2
    exit 3
  fi
  if ! maven_is_new_enough && may_install; then
    apt_install maven || true
  fi
  if ! maven_is_new_enough; then
    say "$1: needs Maven 3.8 or newer on the path; install it (Debian, Ubuntu: sudo apt-get install maven, or https://maven.apache.org/download.cgi)" >&2
    exit 3
  fi
}
