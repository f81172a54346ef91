# Sourced by the scripts of the charts: puts a Go of version 1.21 or newer on the PATH, or says how to get one. From 1.21 on, Go
# itself fetches the version that go.mod asks for.

go_is_new_enough() { # PROGRAM
  local version
  version=$("$1" version 2>/dev/null | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p')
  [ -n "$version" ] && [ "$version" -ge 21 ]
}

find_go() {
  local program
  for program in "$(command -v go || true)" /usr/local/go/bin/go /usr/lib/go-*/bin/go "${HOME:-/root}"/sdk/go*/bin/go; do
    if [ -x "$program" ] && go_is_new_enough "$program"; then
      PATH=$(dirname "$program"):$PATH
      export PATH CGO_ENABLED=0
      return 0
    fi
  done
  echo "error: no Go 1.21 or newer was found (looked at PATH, /usr/local/go, /usr/lib/go-* and ~/sdk); see https://go.dev/dl" >&2
  return 69
}
