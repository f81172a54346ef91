# Sourced by the scripts of the charts: puts a Go that can build them on the PATH, or says how to get one. From 1.21 on, Go itself
# fetches the version that go.mod asks for; for an older one, such as Debian's, that is done here.

go_minor() { # PROGRAM: such as 24, or nothing
  "$1" version 2>/dev/null | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p'
}

# The Go project publishes its releases as a module, too, which an older Go can fetch.
fetch_go() { # OLDER: prints the folder of the newer program
  local work toolchain root
  toolchain=golang.org/toolchain@v0.0.1-go1.24.13.$("$1" env GOOS)-$("$1" env GOARCH)
  work=$(mktemp -d)
  root=$(cd "$work" && "$1" mod init fetching 2>/dev/null \
    && "$1" mod download -json "$toolchain" | sed -n 's/^.*"Dir": "\(.*\)".*$/\1/p')
  rm -rf "$work"
  [ -d "$root" ] || return 1
  chmod -R u+w "$root/bin" "$root/pkg/tool" && chmod -R +x "$root/bin" "$root/pkg/tool"
  echo "$root/bin"
}

find_go() {
  local program minor newest='' best=0 folder
  for program in "$(command -v go || true)" /usr/local/go/bin/go /usr/lib/go-*/bin/go "${HOME:-/root}"/sdk/go*/bin/go; do
    [ -x "$program" ] || continue
    minor=$(go_minor "$program")
    if [ -n "$minor" ] && [ "$minor" -gt "$best" ]; then newest=$program best=$minor; fi
  done
  if [ -z "$newest" ]; then
    echo "error: no Go was found (looked at PATH, /usr/local/go, /usr/lib/go-* and ~/sdk); see https://go.dev/dl" >&2
    return 69
  fi
  folder=$(dirname "$newest")
  if [ "$best" -lt 21 ] && ! folder=$(fetch_go "$newest"); then
    echo "error: $newest is too old, and a newer Go could not be fetched; see https://go.dev/dl" >&2
    return 69
  fi
  export PATH=$folder:$PATH CGO_ENABLED=0
}
