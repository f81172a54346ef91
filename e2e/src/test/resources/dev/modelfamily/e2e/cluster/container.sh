#!/bin/bash
# usage: container.sh SCRATCH MOUNTS COMMAND...
# Runs a command with a file system like a container's: it sees the files of this machine, what it writes there is lost with
# it, and the mounts of its pod lie over them. SCRATCH is an empty folder; MOUNTS is a file with lines "SOURCE TARGET ro|rw",
# divided by tabs. Runs in a mount namespace of its own (unshare --mount), in the process that it was started as.
set -euo pipefail
scratch=$1 mounts=$2
shift 2

mount -t tmpfs tmpfs "$scratch"
root=$scratch/root
mkdir "$root" "$scratch/written" "$scratch/work"
mount -t overlay -o "lowerdir=/,upperdir=$scratch/written,workdir=$scratch/work" overlay "$root"

# The overlay shows the first file system only; the others come with their mounts, but /dev is a small one of its own.
mount --rbind /proc "$root/proc"
mount --rbind /sys "$root/sys"
last=/proc
while read -r _ _ _ _ point _; do
  case "$point" in
    / | /proc | /proc/* | /sys | /sys/* | /dev | /dev/* | "$scratch"*) ;;
    "$last"/*) ;;
    *) last=$point; if [ -e "$root$point" ]; then mount --rbind "$point" "$root$point"; fi ;;
  esac
done < <(sort -k 5,5 /proc/self/mountinfo)
mount -t tmpfs tmpfs "$root/dev"
for device in null zero full random urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"

while IFS=$'\t' read -r source target access; do
  target=$(chroot "$root" realpath -m "$target") # /var/run is a link to /run, which seen from outside is this machine's
  if [ -d "$source" ]; then mkdir -p "$root$target"; else mkdir -p "$(dirname "$root$target")"; touch "$root$target"; fi
  mount --bind "$source" "$root$target"
  if [ "$access" = ro ]; then mount -o remount,bind,ro "$root$target"; fi
done < "$mounts"

exec chroot "$root" "$@"
