# Sourced by the scripts of the project: sets and exports JAVA_HOME to a JDK of version 25 or newer, or says how to get one.

jdk_version() { # FOLDER: the major version of the JDK there, or nothing
  if [ -x "$1/bin/javac" ] && [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  fi
}

jdk_is_new_enough() { # FOLDER
  local version
  version=$(jdk_version "$1")
  [ -n "$version" ] && [ "$version" -ge 25 ]
}

jdk_candidates() { # one folder a line, the most wanted first
  local java
  if [ -n "${JAVA_HOME:-}" ]; then echo "$JAVA_HOME"; fi
  if java=$(command -v javac 2>/dev/null); then
    java=$(readlink -f "$java" 2>/dev/null || echo "$java")
    dirname "$(dirname "$java")"
  fi
  if [ -x /usr/libexec/java_home ]; then /usr/libexec/java_home -v 25+ 2>/dev/null || true; fi
  ls -d /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/* \
    "${HOME:-/root}"/Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk/libexec/openjdk.jdk/Contents/Home \
    2>/dev/null || true
}

find_jdk() {
  local folder
  while IFS= read -r folder; do
    if jdk_is_new_enough "$folder"; then
      export JAVA_HOME="$folder"
      return 0
    fi
  done < <(jdk_candidates)
  cat >&2 <<'MESSAGE'
error: no JDK 25 or newer was found (looked at JAVA_HOME, PATH, /usr/lib/jvm, /opt, ~/.sdkman and ~/.jdks).
Install one, for example Eclipse Temurin from https://adoptium.net/temurin/releases/?version=25
or with SDKMAN: sdk install java 25-tem
or unpack it anywhere and set JAVA_HOME to its folder.
MESSAGE
  return 1
}
