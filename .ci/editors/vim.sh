# Vim 9 with ALE, both from Debian.
apt_install vim vim-ale
