# Sourced: installs the programs that benchmarks compare with, once, and names their folder as $peers.

peers=${XDG_CACHE_HOME:-$HOME/.cache}/modelfamily/peers

install_peers() {
  local wanted="torch==2.7.1 transformers==5.24.0 safetensors==0.8.0 gguf==0.19.0 accelerate==1.15.0 numpy==2.4.6"
  if [ -e "$peers/installed" ] && [ "$(cat "$peers/installed")" = "$wanted" ]; then
    return 0
  fi
  if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    echo "error: benchmarks need Python 3 with venv and pip (Debian: apt-get install python3-venv)" >&2
    return 69
  fi
  echo "benchmarks: installing $wanted into $peers, once" >&2
  python3 -m venv "$peers"
  # shellcheck disable=SC2086
  "$peers/bin/pip" install --quiet $wanted
  echo "$wanted" >"$peers/installed"
}
